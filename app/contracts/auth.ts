import { z } from "zod";
import { text } from "./common";

/** Compared and stored in lower case. */
export const emailSchema = text(254).toLowerCase().pipe(z.email("must be an e-mail address"));

const password = () =>
  z.string({ error: (issue) => (issue.input === undefined ? "is required" : "must be a string") });

/** A password that somebody has already: whatever it is. */
const givenPassword = () =>
  password().min(1, "must not be empty").max(1024, "must have at most 1024 characters");

/**
 * A password to be set (api.md §4): 16 to 128 characters of any kind, taken as they are. What makes a password of
 * that length weak is a rule of its own (domain/users/password-rules.ts), because it knows the person.
 */
export const newPasswordSchema = password()
  .min(16, "must have at least 16 characters")
  .max(128, "must have at most 128 characters");

/** `POST /api/v1/auth/login`, and the sign-in page. */
export const signInSchema = z.strictObject({ email: emailSchema, password: givenPassword() });
export type SignIn = z.output<typeof signInSchema>;

/** The login route's body: with `merchantId`, a member of several merchants chooses one; else it is the first. */
export const loginSchema = signInSchema.extend({
  merchantId: z
    .uuid("must be a UUID")
    .optional()
    .describe("Which merchant, for a member of several; the first one when left out."),
  code: text(32)
    .optional()
    .describe("With two-factor: the authenticator's 6-digit code, or a recovery code. Each works once."),
});

export const refreshSchema = z.strictObject({ refreshToken: text(256) });

/** What login and refresh answer (api.md §1). */
export const tokensResourceSchema = z
  .strictObject({
    accessToken: z.string().describe("A JWT, for `Authorization: Bearer` on the management routes."),
    tokenType: z.literal("Bearer"),
    expiresIn: z.int().describe("Seconds until the access token ends."),
    refreshToken: z.string().describe("Works once, at POST /api/v1/auth/refresh."),
  })
  .meta({ id: "Tokens" });
export type TokensResource = z.infer<typeof tokensResourceSchema>;

/** The second step of a sign-in: six digits of the authenticator, or a recovery code. */
export const secondStepSchema = z.strictObject({ code: text(32) });

/** "Forgotten your password?" */
export const passwordResetRequestSchema = z.strictObject({ email: emailSchema });

/** The page behind the mailed link. */
export const passwordResetSchema = z.strictObject({ password: newPasswordSchema });

const personName = () => text(100);

/** A person who joins by an invitation and has no sign-in yet. The address is the invitation's. */
export const invitationSignUpSchema = z.strictObject({
  firstName: personName(),
  lastName: personName(),
  password: newPasswordSchema,
});

/** The account's page. */
export const profileSchema = z.strictObject({
  firstName: personName(),
  lastName: personName(),
  /** Left out: the merchant's. */
  timeZone: z.lazy(() => timeZoneSchema).optional(),
});
export const emailChangeSchema = z.strictObject({ email: emailSchema });
export const passwordChangeSchema = z.strictObject({
  currentPassword: givenPassword(),
  password: newPasswordSchema,
});
/** Six digits of an authenticator that is being set up. */
export const totpCodeSchema = z.strictObject({
  code: text(16)
    .transform((code) => code.replace(/\s/g, ""))
    .pipe(z.string().regex(/^\d{6}$/, "must be 6 digits")),
});

/** IANA names, as this runtime knows them. */
const isTimeZone = (name: string) => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
};
export const timeZoneSchema = text(64).refine(isTimeZone, "must be a time zone such as Africa/Nairobi");

/** A merchant as its owner names it. */
export const organizationSchema = z.strictObject({
  name: text(100),
  timeZone: timeZoneSchema.optional().describe("IANA name; UTC when left out."),
});

/** What the merchant is called that an invitation to sign up makes. */
export const merchantNameSchema = z.strictObject({ merchantName: text(100) });
export const merchantSignUpFormSchema = invitationSignUpSchema.extend(merchantNameSchema.shape);

/** `POST /api/v1/merchants/signup` (api.md §4). */
export const merchantSignUpSchema = z.strictObject({
  organization: organizationSchema,
  admin: invitationSignUpSchema.extend({ email: emailSchema.describe("The address that was invited.") }),
});

/** The token of a mailed link, in a query. */
export const linkTokenSchema = text(128).describe("The token of the invitation's link.");

export const merchantSignUpResourceSchema = z
  .strictObject({
    organization: z.strictObject({ id: z.uuid(), name: z.string(), timeZone: z.string() }),
    admin: z.strictObject({
      id: z.uuid(),
      email: z.string(),
      firstName: z.string(),
      lastName: z.string(),
      role: z.literal("owner"),
    }),
  })
  .meta({ id: "MerchantSignUp" });
