import type { StoredResponse } from "~/domain/idempotency/claimed-key.server";
import { AppError } from "~/lib/errors";
import { jsonTextResponse } from "./text-response";

/** api.md §5.1: any printable string of 1 to 255 characters; null when there is none. @throws AppError VALIDATION_FAILED. */
export function idempotencyKeyOf(request: Request): string | null {
  const key = request.headers.get("idempotency-key");
  if (key === null || key === "") return null;
  if (!/^[\x20-\x7E]{1,255}$/.test(key)) {
    throw new AppError("VALIDATION_FAILED", {
      message: "Idempotency-Key must be 1 to 255 printable characters",
    });
  }
  return key;
}

/** @throws AppError IDEMPOTENCY_KEY_MISSING; VALIDATION_FAILED. */
export function requiredIdempotencyKey(request: Request): string {
  const key = idempotencyKeyOf(request);
  if (key === null) throw new AppError("IDEMPOTENCY_KEY_MISSING");
  return key;
}

/** An answer that may be a repetition, byte for byte (api.md §5.2). */
export function storedResponse({ status, body, isReplay }: StoredResponse): Response {
  return jsonTextResponse(body, {
    status,
    headers: isReplay ? { "idempotency-replayed": "true" } : {},
  });
}
