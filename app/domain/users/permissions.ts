import { roles } from "~/contracts/team";
import type { Role } from "~/db/generated/enums";
import type { ActingRole, Actor } from "~/domain/actor";
import { AppError } from "~/lib/errors";

const everyone = roles satisfies readonly Role[];
/** The team and Kadosei's staff on a support visit, who may look and nothing else: only for what changes nothing. */
const readers = [...roles, "staff"] as const satisfies readonly ActingRole[];
const builders = ["owner", "admin", "developer"] as const satisfies readonly Role[];
const managers = ["owner", "admin"] as const satisfies readonly Role[];

interface Permission {
  /** Completes "may not …". */
  label: string;
  roles: readonly ActingRole[];
  /** Whether a merchant's server may do it with an API key, for its own application and mode. */
  apiKey?: true;
}

/** The one table of who may do what. Pages use it to hide what a role cannot do; commands enforce it. */
export const permissions = {
  "applications.read": { label: "see applications", roles: readers },
  "applications.write": { label: "create or change applications", roles: builders },
  "applications.archive": { label: "archive applications", roles: managers },
  "api_keys.read": { label: "see API keys", roles: readers },
  "api_keys.write": { label: "create, roll or revoke API keys", roles: builders },
  "providers.read": { label: "see provider connections", roles: readers },
  "providers.write_test": { label: "change provider connections in test mode", roles: builders },
  "providers.write_live": { label: "change provider connections in live mode", roles: managers },
  "api_logs.read": { label: "see the API logs", roles: readers },
  "webhooks.read": { label: "see webhook endpoints", roles: readers },
  "webhooks.write": { label: "create or change webhook endpoints", roles: builders },
  "webhooks.retry": {
    label: "send webhook deliveries again",
    roles: ["owner", "admin", "developer", "support"],
  },
  "sessions.create": { label: "create payment sessions", roles: builders, apiKey: true },
  "sessions.read": { label: "see payment sessions", roles: readers, apiKey: true },
  "sessions.expire": {
    label: "expire payment sessions",
    roles: ["owner", "admin", "developer", "support"],
    apiKey: true,
  },
  "sessions.export": { label: "export payment sessions", roles: everyone },
  "figures.export": { label: "download figures and receipts", roles: everyone },
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
  "notices.mark": { label: "mark notices as read", roles: everyone },
  "views.save": { label: "keep views of a page", roles: everyone },
  "views.share": {
    label: "share saved views with the team",
    roles: ["owner", "admin", "developer", "support"],
  },
  "views.manage": { label: "change shared views of others", roles: managers },
  "routing.read": { label: "see routing", roles: readers },
  "routing.write": { label: "change routing", roles: builders },
  "team.read": { label: "see the team", roles: readers },
  "team.write": { label: "change the team", roles: managers },
  "privacy.write": { label: "erase customer data or change how long it is kept", roles: managers },
  "team.leave": { label: "leave the team", roles: everyone },
  "audit.read": { label: "see the audit log", roles: managers },
  "audit.export": { label: "export the audit log", roles: managers },
} as const satisfies Record<string, Permission>;

export type PermissionName = keyof typeof permissions;

/** Whether a role has a permission: for showing or hiding an action. */
export function isAllowed(role: ActingRole, permission: PermissionName): boolean {
  return (permissions[permission].roles as readonly ActingRole[]).includes(role);
}

/** Whether somebody with `own` may give, change or take away `role`: theirs and those below it. */
export function mayGive(own: ActingRole, role: Role): boolean {
  return own !== "staff" && roles.indexOf(own) <= roles.indexOf(role);
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
      if (actor.role === "staff") {
        throw new AppError("FORBIDDEN", {
          message: `Kadosei's support only looks, and may not ${label}. ${whoCan(roles, apiKey)}`,
        });
      }
      throw new AppError("FORBIDDEN", {
        message: `Your role, ${actor.role}, may not ${label}. ${whoCan(roles, apiKey)}`,
      });
  }
}

function whoCan(allowed: readonly ActingRole[], apiKey?: true): string {
  const team = allowed.filter((role) => role !== "staff");
  const names: string[] = team.length === everyone.length ? ["member of the team"] : team;
  if (apiKey) names.push("API key");
  const last = names.pop() ?? "";
  const list = names.length === 0 ? last : `${names.join(", ")} or ${last}`;
  return `${/^[aeiou]/i.test(list) ? "An" : "A"} ${list} can.`;
}
