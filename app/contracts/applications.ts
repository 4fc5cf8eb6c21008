import { z } from "zod";
import { text } from "./common";

const description = text(500, 0).transform((value) => (value === "" ? null : value));

/** `POST /api/v1/applications` (api.md §4). */
export const applicationCreateSchema = z.strictObject({
  name: text(100),
  description: description.nullish(),
});
export type ApplicationCreate = z.output<typeof applicationCreateSchema>;

/** `PATCH /api/v1/applications/{id}`: what is left out stays. */
export const applicationUpdateSchema = z.strictObject({
  name: text(100).optional(),
  description: description.nullable().optional(),
  isEnabled: z.boolean({ error: "must be true or false" }).optional(),
});
export type ApplicationUpdate = z.output<typeof applicationUpdateSchema>;

export interface ApplicationResource {
  id: string;
  name: string;
  description: string | null;
  /** False: its keys are refused. */
  isEnabled: boolean;
  createdAt: string;
  updatedAt: string;
}
