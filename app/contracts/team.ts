import { z } from "zod";
import { emailSchema } from "./auth";

/** Highest first: nobody gives a role above their own. */
export const roles = ["owner", "admin", "developer", "support", "viewer"] as const;
export const roleSchema = z.enum(roles, { error: `must be one of ${roles.join(", ")}` });

export const inviteSchema = z.strictObject({ email: emailSchema, role: roleSchema });
export type Invite = z.output<typeof inviteSchema>;
