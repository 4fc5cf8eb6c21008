import { z } from "zod";
import { contrast, nearestWith } from "~/lib/contrast";
import { isTimeZone } from "~/lib/zoned-time";
import { languageCodes } from "./checkout-languages";
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

const WHITE = "#ffffff";
/** Of text in its size on the checkout's buttons (WCAG 2.2, 1.4.3). */
const TEXT_CONTRAST = 4.5;

/** The colour of the checkout's buttons: white text on it must be readable. */
export const accentColorSchema = text(7)
  .regex(/^#[0-9a-f]{6}$/i, "must be a colour as #0f5a48")
  .transform((color) => color.toLowerCase())
  .superRefine((color, context) => {
    if (!/^#[0-9a-f]{6}$/.test(color)) return;
    const ratio = contrast(color, WHITE);
    if (ratio >= TEXT_CONTRAST) return;
    const nearest = nearestWith(color, "#000000", WHITE, TEXT_CONTRAST);
    context.addIssue({
      code: "custom",
      message: `must be darker: white text on it has a contrast of ${ratio.toFixed(1)}, and needs 4.5. ${nearest} is the nearest that has it`,
    });
  });

/** Where customers ask: what a link can be made of. */
export const supportContactSchema = text(200).refine(
  (contact) =>
    /^[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+$/.test(contact) ||
    /^\+?[\d ()-]{6,25}$/.test(contact) ||
    (/^https:\/\//.test(contact) && URL.canParse(contact)),
  "must be an e-mail address, a phone number or an https address",
);

export const timeZoneSchema = text(64).refine(isTimeZone, "must be the name of a time zone, as Europe/Paris");

/** What customers see of the application on the hosted checkout, and the zone its days are counted in. */
export const checkoutBrandSchema = z.strictObject({
  displayName: text(100)
    .nullable()
    .optional()
    .describe("What the hosted checkout calls the merchant; null: the merchant's own name."),
  accentColor: accentColorSchema
    .nullable()
    .optional()
    .describe("Colour of the checkout's buttons, #rrggbb; white text on it must have a contrast of 4.5."),
  checkoutLanguage: z
    .enum(languageCodes, { error: `must be one of ${languageCodes.join(", ")}` })
    .nullable()
    .optional()
    .describe("The checkout's language for customers whose own it does not have; null: English."),
  supportContact: supportContactSchema
    .nullable()
    .optional()
    .describe("An e-mail address, phone number or https address that the checkout names for questions."),
});

/** `PATCH /api/v1/applications/{id}`: what is left out stays. */
export const applicationUpdateSchema = checkoutBrandSchema.extend({
  timeZone: timeZoneSchema
    .nullable()
    .optional()
    .describe("IANA name; null: the merchant's own. Of the times that its customers see."),
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
    timeZone: z.string().nullable().describe("IANA name; null: the merchant's own."),
    displayName: z.string().nullable().describe("What the checkout calls the merchant; null: its own name."),
    accentColor: z.string().nullable().describe("Colour of the checkout's buttons, #rrggbb."),
    checkoutLanguage: z.enum(languageCodes).nullable().describe("Of the checkout, where nothing else says."),
    supportContact: z.string().nullable().describe("Where the checkout sends questions."),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: "Application" });
export type ApplicationResource = z.infer<typeof applicationResourceSchema>;
