import { z } from "zod";
import { text } from "./common";

/** For how long a share link works, in hours. */
export const shareLifetimes = { "24h": 24, "3d": 3 * 24, "7d": 7 * 24, "30d": 30 * 24 } as const;
export type ShareLifetime = keyof typeof shareLifetimes;
const lifetimes = Object.keys(shareLifetimes) as [ShareLifetime, ...ShareLifetime[]];

/** A link to one session for one provider's support desk. */
export const shareLinkSchema = z.object({
  provider: z.string({ error: "must be a provider of this session" }).min(1).max(50),
  label: text(100).optional(),
  lifetime: z.enum(lifetimes, { error: "must be one of the offered times" }),
});
export type ShareLinkCreate = z.output<typeof shareLinkSchema>;
