import type { roles } from "~/contracts/team";

type TeamRole = (typeof roles)[number];

export const roleWords: Record<TeamRole | "staff", string> = {
  owner: "Owner",
  admin: "Admin",
  developer: "Developer",
  support: "Support",
  viewer: "Viewer",
  staff: "Kadosei support",
};

/** What a role is for, in one sentence. The permission table is what counts. */
export const roleNotes: Record<TeamRole, string> = {
  owner: "Everything, and the only one who can make or remove owners.",
  admin: "Everything but owners: the team, live providers, archiving and the audit log.",
  developer: "Applications, API keys, webhooks, routing, and providers in test mode.",
  support: "Reads all but the audit log, expires sessions, adds notes and sends webhooks again.",
  viewer: "Reads all but the audit log, and changes nothing.",
};
