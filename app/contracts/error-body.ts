import { z } from "zod";
import { type ErrorCode, errorTable } from "~/lib/errors";

/** The body of every error (api.md §2). Some codes have more members beside these. */
export const errorBodySchema = z
  .looseObject({
    statusCode: z.int().describe("The HTTP status again."),
    error: z.string().describe("HTTP's name of the status."),
    message: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
      .describe(
        "For people. Only the validation of a body makes it an array, one entry for each failing field, each beginning with the field's path.",
      ),
    code: z.enum(Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]).describe("For programs."),
    requestId: z.string().min(1).describe("Equal to the X-Request-Id header: quote it to support."),
    details: z.unknown().optional().describe("More to say, where there is more."),
    retryAfter: z.int().optional().describe("Seconds, with IDEMPOTENCY_KEY_IN_USE."),
    sessionId: z.uuid().optional().describe("With ALL_PROVIDERS_FAILED."),
  })
  .meta({ id: "Error" });
export type ErrorBody = z.infer<typeof errorBodySchema>;
