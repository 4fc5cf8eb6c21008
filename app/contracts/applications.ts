import { z } from "zod";
import { idSchema, text, timeSchema } from "./common";

const description = text(500, 0).transform((value) => (value === "" ? null : value));

/** `POST /api/v1/applications` (api.md §4). */
export const applicationCreateSchema = z.strictObject({
  name: text(100).describe("Unique among the merchant's applications."),
  description: description.nullish(),
});
export type ApplicationCreate = z.output<typeof applicationCreateSchema>;

/** One minute to 30 days. */
export const unfulfilledAfterMinutesSchema = z
  .int("must be a whole number of minutes")
  .min(1, "must be at least 1")
  .max(43_200, "must be at most 43200, which is 30 days");

/** `PATCH /api/v1/applications/{id}`: what is left out stays. */
export const applicationUpdateSchema = z.strictObject({
  name: text(100).optional().describe("Unique among the merchant's applications."),
  description: description.nullable().optional(),
  isEnabled: z
    .boolean({ error: "must be true or false" })
    .optional()
    .describe("False: the application's API keys are refused."),
  unfulfilledAfterMinutes: unfulfilledAfterMinutesSchema
    .nullable()
    .optional()
    .describe(
      "A paid session that no webhook endpoint acknowledged as fulfilled within so many minutes needs attention; null asks for none.",
    ),
});
export type ApplicationUpdate = z.output<typeof applicationUpdateSchema>;

const days = (min: number, max: number) =>
  z
    .int("must be a whole number of days")
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`);

/** How long an application keeps what (docs/privacy.md). */
export const retentionSchema = z.strictObject({
  /** Null: for good. */
  retentionDays: days(1, 3650).nullable(),
  apiLogDays: days(1, 30),
  deliveryDays: days(1, 30),
});
export type Retention = z.output<typeof retentionSchema>;

export const applicationResourceSchema = z
  .strictObject({
    id: idSchema,
    name: z.string().max(100),
    description: z.string().nullable(),
    isEnabled: z.boolean().describe("False: its API keys are refused."),
    unfulfilledAfterMinutes: z
      .int()
      .nullable()
      .describe("After so long without an acknowledgement a paid session needs attention; null: never."),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: "Application" });
export type ApplicationResource = z.infer<typeof applicationResourceSchema>;
