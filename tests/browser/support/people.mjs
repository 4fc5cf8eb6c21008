/** Who signs in. The demo merchant is seeded; the other two are made by serve.mjs and have nothing yet. */
export const password = "correct horse battery staple";
export const owner = "owner@demo.kadosei.test";
/** A merchant on its first day: the payment path. */
export const newcomer = "new@newcomer.test";
/** A merchant that never gets a paid session: the empty pages. */
export const idle = "owner@idle.test";
