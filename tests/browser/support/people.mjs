/** Who signs in. The demo merchant is seeded; the others are made by serve.mjs and have nothing yet. */
export const password = "correct horse battery staple";
export const owner = "owner@demo.kadosei.test";
/** A merchant on its first day: the payment path. */
export const newcomer = "new@newcomer.test";
/** A merchant that never gets a paid session: the empty pages. */
export const idle = "owner@idle.test";
/** Kadosei's own support. */
export const staff = "staff@kadosei.test";
/** Of a merchant whose name is markup, as theirs is to become. */
export const marked = "owner@marked.test";
/** Invited to the idle merchant's team, with the tokens of their links: one for each way to walk through and try of it. */
export const invited = {
  "with-scripts": [
    { email: "amina@idle.test", token: "invitation-token-of-amina-with-scripts-0001" },
    { email: "amina-again@idle.test", token: "invitation-token-of-amina-with-scripts-0002" },
  ],
  "without-scripts": [
    { email: "zuri@idle.test", token: "invitation-token-of-zuri-without-script-001" },
    { email: "zuri-again@idle.test", token: "invitation-token-of-zuri-without-script-002" },
  ],
  looked: [{ email: "looked@idle.test", token: "invitation-token-that-is-only-looked-at-000" }],
};
/** The demo's owner, signed in an hour ago: the tokens of browsers' sessions, in the same way. */
export const stale = {
  "with-scripts": [
    "session-of-an-hour-ago-with-scripts-0000001",
    "session-of-an-hour-ago-with-scripts-0000002",
  ],
  "without-scripts": [
    "session-of-an-hour-ago-without-script-00001",
    "session-of-an-hour-ago-without-script-00002",
  ],
};
