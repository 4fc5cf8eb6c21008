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
  merchantId: z.uuid("must be a UUID").optional(),
});

export const refreshSchema = z.strictObject({ refreshToken: text(256) });

/** What login and refresh answer (api.md §1). */
export interface TokensResource {
  accessToken: string;
  tokenType: "Bearer";
  /** Seconds. */
  expiresIn: number;
  refreshToken: string;
}
