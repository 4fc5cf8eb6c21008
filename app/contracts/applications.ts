import { z } from "zod";
import { idSchema, text, timeSchema } from "./common";

const description = text(500, 0).transform((value) => (value === "" ? null : value));

/** `POST /api/v1/applications` (api.md §4). */
export const applicationCreateSchema = z.strictObject({
  name: text(100).describe("Unique among the merchant's applications."),
  description: description.nullish(),
});
export type ApplicationCreate = z.output<typeof applicationCreateSchema>;

/** `PATCH /api/v1/applications/{id}`: what is left out stays. */
export const applicationUpdateSchema = z.strictObject({
  name: text(100).optional().describe("Unique among the merchant's applications."),
  description: description.nullable().optional(),
  isEnabled: z
    .boolean({ error: "must be true or false" })
    .optional()
    .describe("False: the application's API keys are refused."),
});
export type ApplicationUpdate = z.output<typeof applicationUpdateSchema>;

export const applicationResourceSchema = z
  .strictObject({
    id: idSchema,
    name: z.string().max(100),
    description: z.string().nullable(),
    isEnabled: z.boolean().describe("False: its API keys are refused."),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: "Application" });
export type ApplicationResource = z.infer<typeof applicationResourceSchema>;
