import { z } from "zod";
import { text } from "./common";

/** Compared and stored in lower case. */
export const emailSchema = text(254).toLowerCase().pipe(z.email("must be an e-mail address"));

/** `POST /api/v1/auth/login`, and the sign-in page. */
export const signInSchema = z.strictObject({
  email: emailSchema,
  password: z
    .string({ error: (issue) => (issue.input === undefined ? "is required" : "must be a string") })
    .min(1, "must not be empty")
    .max(1024, "must have at most 1024 characters"),
});
export type SignIn = z.output<typeof signInSchema>;

/** The login route's body: with `merchantId`, a member of several merchants chooses one; else it is the first. */
export const loginSchema = signInSchema.extend({
  merchantId: z
    .uuid("must be a UUID")
    .optional()
    .describe("Which merchant, for a member of several; the first one when left out."),
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
