import type { SubmissionResult } from "@conform-to/react";
import { parseWithZod } from "@conform-to/zod/v4";
import { data } from "@remix-run/node";
import type { z } from "zod";
import type { Actor } from "~/domain/actor";
import { authorise, type PermissionName } from "~/domain/users/permissions";
import { AppError, isAppError } from "~/lib/errors";
import { isUuid, newId } from "~/lib/ids";
import { requestContext } from "./request-context";

/** What the page gets back when a form was refused: the errors, and the input to keep. */
export type FormReply = SubmissionResult<string[]>;

export type FormOutcome<Value> = { ok: true; value: Value } | { ok: false; reply: FormReply };

export interface SubmitOptions {
  /** Fields whose input must not come back in the page: passwords. */
  hide?: string[];
  /** The field that a CONFLICT is about; the whole form otherwise. */
  conflictField?: string;
}

/** Fields that steer the page and are no input of the command. */
const CONTROL_FIELDS = ["intent", "formId", "id", "returnTo", "proof"];

/**
 * Form → Zod → one command. A refusal, by the schema or by the command's AppError, becomes field or
 * form errors with the input kept; NOT_FOUND and errors above 499 are the page's own, and are thrown.
 */
export async function submitForm<Schema extends z.ZodType, Value>(
  form: FormData,
  schema: Schema,
  run: (input: z.output<Schema>) => Promise<Value>,
  options: SubmitOptions = {},
): Promise<FormOutcome<Value>> {
  const fields = new FormData();
  for (const [name, value] of form) {
    if (!CONTROL_FIELDS.includes(name)) fields.append(name, value);
  }
  const submission = parseWithZod(fields, { schema });
  const hideFields = options.hide ?? [];
  if (submission.status !== "success") return { ok: false, reply: submission.reply({ hideFields }) };
  try {
    return { ok: true, value: await run(submission.value) };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const errors = errorsOf(error, new Set(fields.keys()), options.conflictField);
    return { ok: false, reply: submission.reply({ ...errors, hideFields }) };
  }
}

/** True for what the person can do something about on the same page. */
function isRefusal(error: unknown): error is AppError {
  return error instanceof AppError && error.code !== "NOT_FOUND" && error.status < 500;
}

/** A command's message, in one sentence, when it is a refusal; otherwise the error goes on to the error page. */
export function refusalMessage(error: unknown): string {
  if (!isRefusal(error)) throw error;
  return [error.publicMessage].flat().join("; ");
}

/** Messages of the API start with the field's path: `url must be …` goes beside `url`. */
function errorsOf(error: AppError, names: ReadonlySet<string>, conflictField: string | undefined) {
  const fieldErrors: Record<string, string[]> = {};
  const formErrors: string[] = [];
  const add = (field: string, message: string) => {
    fieldErrors[field] = [...(fieldErrors[field] ?? []), message];
  };
  for (const message of [error.publicMessage].flat()) {
    const [, path, rest] = /^(\S+) (.+)$/s.exec(message) ?? [];
    if (path !== undefined && rest !== undefined && error.code === "VALIDATION_FAILED" && names.has(path))
      add(path, rest);
    // The field that proves who it is (identity.server.ts).
    else if (error.code === "REAUTHENTICATION_REQUIRED") add("proof", message);
    else if (error.code === "CONFLICT" && conflictField !== undefined) add(conflictField, message);
    else formErrors.push(message);
  }
  return { fieldErrors, formErrors };
}

/** A 404 that the error page can show with its request id. */
export function pageNotFound(request: Request): ReturnType<typeof data> {
  return data({ requestId: requestContext(request).requestId }, { status: 404 });
}

/** For a loader's `.catch`: a refusal becomes a 403 that the error page can show with its reason and request id. */
export function pageForbidden(request: Request): (error: unknown) => never {
  return (error) => {
    if (!isAppError(error, "FORBIDDEN")) throw error;
    const { requestId } = requestContext(request);
    throw data({ requestId, message: error.message }, { status: 403 });
  };
}

/** For a file that nothing but a page leads to. @throws the same 403 for an actor without the permission. */
export function authorisePage(request: Request, actor: Actor, permission: PermissionName): void {
  try {
    authorise(actor, permission);
  } catch (error) {
    pageForbidden(request)(error);
  }
}

/** One text field of a form; empty when it is missing or a file. */
export function formText(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}

/** The id that a form carries for the row that it makes, so that the same form sent twice makes one. */
export function formId(form: FormData): string {
  const id = formText(form, "formId");
  return isUuid(id) ? id : newId();
}
