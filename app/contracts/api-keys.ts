import { z } from "zod";
import { integer, isStorableMoment, modeSchema, pageQuerySchema, text } from "./common";

/** `POST /api/v1/applications/{id}/api-keys` (api.md §4). */
export const apiKeyCreateSchema = z.strictObject({
  description: text(200),
  mode: modeSchema.default("live"),
  /** The command refuses a moment that has passed. */
  expiresAt: z.iso
    .datetime({ offset: true, error: "must be a time like 2030-01-31T00:00:00Z" })
    .transform((value) => new Date(value))
    .refine(isStorableMoment, "must be before the year 10000")
    .nullish(),
});
export type ApiKeyCreate = z.output<typeof apiKeyCreateSchema>;

/** `POST …/api-keys/{keyId}/roll`: how long the old key goes on working. */
export const apiKeyRollSchema = z.strictObject({ graceHours: integer(0, 168) });

export const apiKeyListQuerySchema = pageQuerySchema.extend({ mode: modeSchema.optional() });

/** The one answer that has the full key: to create and to roll. */
export interface ApiKeyCreatedResource {
  id: string;
  applicationId: string;
  fullKey: string;
  keyPrefix: string;
  description: string;
  mode: "live" | "test";
  expiresAt: string | null;
  createdAt: string;
}

/** An API key as lists show it. */
export interface ApiKeyResource extends Omit<ApiKeyCreatedResource, "fullKey"> {
  lastUsedAt: string | null;
  lastUsedIp: string | null;
  revokedAt: string | null;
  /** The key that replaced this one. */
  rolledToId: string | null;
}
