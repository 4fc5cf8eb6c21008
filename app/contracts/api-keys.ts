import { z } from "zod";
import { idSchema, integer, isStorableMoment, modeSchema, pageQuerySchema, text, timeSchema } from "./common";

/** `POST /api/v1/applications/{id}/api-keys` (api.md §4). */
export const apiKeyCreateSchema = z.strictObject({
  description: text(200).describe("What the key is for, for whoever reads the list."),
  mode: modeSchema.default("live").describe("live moves money; test is played by simulated providers."),
  /** The command refuses a moment that has passed. */
  expiresAt: z.iso
    .datetime({ offset: true, error: "must be a time like 2030-01-31T00:00:00Z" })
    .transform((value) => new Date(value))
    .refine(isStorableMoment, "must be before the year 10000")
    .nullish()
    .describe("From then on the key is refused. In the future; left out or null, it does not end."),
});
export type ApiKeyCreate = z.output<typeof apiKeyCreateSchema>;

/** `POST …/api-keys/{keyId}/roll`: how long the old key goes on working. */
export const apiKeyRollSchema = z.strictObject({
  graceHours: integer(0, 168).describe("Hours for which the old key goes on working beside the new one."),
});

export const apiKeyListQuerySchema = pageQuerySchema.extend({ mode: modeSchema.optional() });

const apiKeyFields = {
  id: idSchema,
  applicationId: idSchema,
  keyPrefix: z.string().length(12).describe("The key's first characters, to tell keys apart."),
  description: z.string(),
  mode: modeSchema,
  expiresAt: timeSchema.nullable().describe("Null: it does not end."),
  createdAt: timeSchema,
};

/** The one answer that has the full key: to create and to roll. */
export const apiKeyCreatedResourceSchema = z
  .strictObject({
    ...apiKeyFields,
    fullKey: z
      .string()
      .regex(/^ks_(live|test)_[0-9A-Za-z]{38}$/)
      .describe("The key itself. It is in this answer and in no other: store it now."),
  })
  .meta({ id: "CreatedApiKey" });
export type ApiKeyCreatedResource = z.infer<typeof apiKeyCreatedResourceSchema>;

/** An API key as lists show it. */
export const apiKeyResourceSchema = z
  .strictObject({
    ...apiKeyFields,
    lastUsedAt: timeSchema.nullable().describe("To the minute; null: never."),
    lastUsedIp: z.string().nullable().describe("The address that used it last."),
    revokedAt: timeSchema.nullable().describe("From then on the key is refused."),
    rolledToId: idSchema.nullable().describe("The key that replaced this one."),
  })
  .meta({ id: "ApiKey" });
export type ApiKeyResource = z.infer<typeof apiKeyResourceSchema>;
