import type { Mode, Role } from "~/db/generated/enums";

/** Where a call came from; a `RequestContext` is one. */
export interface Origin {
  requestId: string;
  /** Address of the caller, null for a job. */
  ip: string | null;
  userAgent: string | null;
}

/** A role in a team, or Kadosei's staff on a support visit: they look, and the permission table lets them do nothing else. */
export type ActingRole = Role | "staff";

/** A signed-in member of a merchant's team, by cookie or by JWT; or, by cookie, Kadosei's staff on a visit. */
export interface UserActor extends Origin {
  kind: "user";
  userId: string;
  merchantId: string;
  role: ActingRole;
  /** "Mara Okafor", for the audit log. */
  label: string;
}

/** A merchant's server, by API key. */
export interface ApiKeyActor extends Origin {
  kind: "api_key";
  apiKeyId: string;
  keyPrefix: string;
  merchantId: string;
  applicationId: string;
  mode: Mode;
}

/** Kadosei itself: a job, a provider's event, the customer's browser on the hosted checkout. */
export interface SystemActor extends Origin {
  kind: "system";
}

/** Who does it: the first argument of every command. */
export type Actor = UserActor | ApiKeyActor | SystemActor;

/** The actor of jobs. */
export const systemActor: SystemActor = { kind: "system", requestId: "job", ip: null, userAgent: null };
