import { PASSWORD } from "./factories";

/** Somebody else's, by what a form may name. */
export interface TheirIds {
  userId: string;
  merchantId: string;
  sessionId: string;
  userSessionId: string;
  viewId: string;
  noticeId: string;
  noteId: string;
  email: string;
}

/** A form about the one who is signed in, or about what they alone made. */
export interface OwnForm {
  file: string;
  path: string;
  intent: string;
  fields?: (their: TheirIds) => Record<string, string>;
  /** The status for the sender, whose own it is; 302 unless told. Of what names somebody else's thing, a refusal. */
  status?: number;
  /** The sender has two-factor on. */
  twoFactor?: true;
}

const account = { file: "routes/dashboard/account.tsx", path: "/account" };
const security = { file: "routes/dashboard/account-security.tsx", path: "/account/security" };
const twoFactor = { file: "routes/dashboard/account-two-factor.tsx", path: "/account/two-factor" };
const notices = { file: "routes/dashboard/notices.tsx", path: "/notices" };
const sessions = {
  file: "routes/dashboard/sessions.tsx",
  path: "/apps/:applicationId/test/sessions",
  status: 422,
};
const view = ({ viewId }: TheirIds) => ({ id: viewId, name: "Taken", query: "status=FAILED", on: "1" });

/**
 * Every role may send these, and they reach nobody else's: tests/integration/security/own-things.test.ts sends each
 * with another member's ids and with another merchant's. A form of these pages that is not here fails
 * tests/integration/api/authorisation.test.ts.
 */
export const ownForms: OwnForm[] = [
  {
    ...account,
    intent: "profile",
    fields: () => ({ firstName: "Ada", lastName: "Taken", timeZone: "Africa/Dakar" }),
  },
  { ...account, intent: "email", fields: () => ({ email: `${crypto.randomUUID()}@taken.test` }) },
  { ...account, intent: "cancel-email" },
  // Their merchant is not opened: the page comes again as it was.
  { ...account, intent: "open-merchant", fields: ({ merchantId }) => ({ id: merchantId }) },
  {
    ...security,
    intent: "password",
    fields: () => ({ currentPassword: PASSWORD, password: "seventeen green bicycles" }),
  },
  { ...security, intent: "sign-out-session", fields: ({ userSessionId }) => ({ id: userSessionId }) },
  { ...security, intent: "sign-out-everywhere" },
  { ...security, intent: "disable-two-factor", twoFactor: true },
  { ...security, intent: "recovery-codes", twoFactor: true, status: 200 },
  { ...twoFactor, intent: "start" },
  { ...twoFactor, intent: "confirm", fields: () => ({ code: "000000" }), status: 400 },
  { ...notices, intent: "read-all" },
  { ...notices, intent: "read", fields: ({ noticeId }) => ({ id: noticeId }), status: 200 },
  { ...sessions, intent: "view-update", fields: view },
  { ...sessions, intent: "view-change", fields: view },
  { ...sessions, intent: "view-default", fields: view },
  { ...sessions, intent: "view-delete", fields: view },
  { ...sessions, intent: "view-restore", fields: view },
  {
    file: "routes/dashboard/team.tsx",
    path: "/team",
    intent: "leave",
    fields: ({ userId }) => ({ id: userId }),
  },
  {
    file: "routes/dashboard/session.tsx",
    path: "/apps/:applicationId/test/sessions/:sessionId",
    intent: "delete-note",
    fields: ({ noteId }) => ({ id: noteId }),
    status: 422,
  },
];
