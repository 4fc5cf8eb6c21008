import type { Caller } from "~/domain/api-logs/api-log";
import { AppError } from "~/lib/errors";

/** A key that is known here and not taken any more. `caller` says whose it is: for the API request log. */
export class RefusedKeyError extends AppError {
  constructor(
    message: string,
    readonly caller: Omit<Caller, "userId">,
  ) {
    super("AUTHENTICATION_REQUIRED", { message });
  }
}
