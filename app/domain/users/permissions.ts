import { roles } from "~/contracts/team";
import type { Role } from "~/db/generated/enums";
import type { Actor } from "~/domain/actor";
import { AppError } from "~/lib/errors";

const everyone = roles satisfies readonly Role[];
const builders = ["owner", "admin", "developer"] as const satisfies readonly Role[];
const managers = ["owner", "admin"] as const satisfies readonly Role[];

interface Permission {
  /** Completes "may not …". */
  label: string;
  roles: readonly Role[];
  /** Whether a merchant's server may do it with an API key, for its own application and mode. */
  apiKey?: true;
}

/** The one table of who may do what. Pages use it to hide what a role cannot do; commands enforce it. */
export const permissions = {
  "applications.read": { label: "see applications", roles: everyone },
  "applications.write": { label: "create or change applications", roles: builders },
  "applications.archive": { label: "archive applications", roles: managers },
  "api_keys.read": { label: "see API keys", roles: everyone },
  "api_keys.write": { label: "create, roll or revoke API keys", roles: builders },
  "providers.read": { label: "see provider connections", roles: everyone },
  "providers.write_test": { label: "change provider connections in test mode", roles: builders },
  "providers.write_live": { label: "change provider connections in live mode", roles: managers },
  "api_logs.read": { label: "see the API logs", roles: everyone },
  "webhooks.read": { label: "see webhook endpoints", roles: everyone },
  "webhooks.write": { label: "create or change webhook endpoints", roles: builders },
  "webhooks.retry": {
    label: "send webhook deliveries again",
    roles: ["owner", "admin", "developer", "support"],
  },
  "sessions.create": { label: "create payment sessions", roles: builders, apiKey: true },
  "sessions.read": { label: "see payment sessions", roles: everyone, apiKey: true },
  "sessions.expire": {
    label: "expire payment sessions",
    roles: ["owner", "admin", "developer", "support"],
    apiKey: true,
  },
  "sessions.export": { label: "export payment sessions", roles: everyone },
  "sessions.annotate": {
    label: "add notes to payment sessions",
    roles: ["owner", "admin", "developer", "support"],
  },
  "sessions.sync": {
    label: "ask providers about payment sessions",
    roles: ["owner", "admin", "developer", "support"],
  },
  "sessions.share": {
    label: "share payment sessions outside the team",
    roles: ["owner", "admin", "developer", "support"],
  },
  "views.share": {
    label: "share saved views with the team",
    roles: ["owner", "admin", "developer", "support"],
  },
  "views.manage": { label: "change shared views of others", roles: managers },
  "routing.read": { label: "see routing", roles: everyone },
  "routing.write": { label: "change routing", roles: builders },
  "team.read": { label: "see the team", roles: everyone },
  "team.write": { label: "change the team", roles: managers },
  "privacy.write": { label: "erase customer data or change how long it is kept", roles: managers },
  "team.leave": { label: "leave the team", roles: everyone },
  "audit.read": { label: "see the audit log", roles: managers },
  "audit.export": { label: "export the audit log", roles: managers },
} as const satisfies Record<string, Permission>;

export type PermissionName = keyof typeof permissions;

/** Whether a role has a permission: for showing or hiding an action. */
export function isAllowed(role: Role, permission: PermissionName): boolean {
  return (permissions[permission].roles as readonly Role[]).includes(role);
}

/** Whether somebody with `own` may give, change or take away `role`: theirs and those below it. */
export function mayGive(own: Role, role: Role): boolean {
  return roles.indexOf(own) <= roles.indexOf(role);
}

/**
 * Lets the actor through or says why not. Kadosei itself may do everything.
 * @throws AppError FORBIDDEN, naming what is not allowed and who can do it (api.md §1).
 */
export function authorise(actor: Actor, permission: PermissionName): void {
  const { label, roles, apiKey }: Permission = permissions[permission];
  switch (actor.kind) {
    case "system":
      return;
    case "api_key":
      if (apiKey) return;
      throw new AppError("FORBIDDEN", { message: `An API key may not ${label}. ${whoCan(roles)}` });
    case "user":
      if (roles.includes(actor.role)) return;
      throw new AppError("FORBIDDEN", {
        message: `Your role, ${actor.role}, may not ${label}. ${whoCan(roles, apiKey)}`,
      });
  }
}

function whoCan(roles: readonly Role[], apiKey?: true): string {
  const names: string[] = roles.length === everyone.length ? ["member of the team"] : [...roles];
  if (apiKey) names.push("API key");
  const last = names.pop() ?? "";
  const list = names.length === 0 ? last : `${names.join(", ")} or ${last}`;
  return `${/^[aeiou]/i.test(list) ? "An" : "A"} ${list} can.`;
}
