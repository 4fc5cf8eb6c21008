import { z } from "zod";
import { outages, simulatorSettingsUpdateSchema } from "~/contracts/providers";

/** Form text in percent and milliseconds → the settings that the command takes. */
export const simulatorFormSchema = z
  .strictObject({
    successRate: z
      .number({ error: "must be a number from 0 to 100" })
      .min(0, "must be at least 0")
      .max(100, "must be at most 100"),
    latencyMs: z
      .number({ error: "must be a number of milliseconds" })
      .int("must be a whole number")
      .min(0, "must be at least 0")
      .max(10_000, "must be at most 10000"),
    outage: z.enum(outages, { error: "must be one of the choices" }),
  })
  .transform(({ successRate, ...rest }) =>
    simulatorSettingsUpdateSchema.parse({ ...rest, successRate: successRate / 100 }),
  );
