import { describe, expect, test } from "vitest";
import { z } from "zod";
import { refusalMessage, submitForm } from "~/http/form.server";
import { AppError } from "~/lib/errors";

const schema = z.strictObject({ name: z.string(), secret: z.string().optional() });

function formOf(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

describe("submitForm", () => {
  test("runs the command with the parsed input, without the fields that steer the page", async () => {
    const outcome = await submitForm(
      formOf({ intent: "save", formId: "1", name: "Shop" }),
      schema,
      async (input) => input,
    );
    expect(outcome).toEqual({ ok: true, value: { name: "Shop" } });
  });

  test("a refused field keeps the input, except what is hidden", async () => {
    const run = async () => {
      throw new AppError("VALIDATION_FAILED", { message: ["name must be nicer"] });
    };
    const outcome = await submitForm(formOf({ name: "Shop", secret: "s3cret" }), schema, run, {
      hide: ["secret"],
    });
    expect(outcome).toMatchObject({ ok: false, reply: { error: { name: ["must be nicer"] } } });
    expect(JSON.stringify(outcome)).toContain("Shop");
    expect(JSON.stringify(outcome)).not.toContain("s3cret");
  });

  test("a conflict goes beside the field that it is about", async () => {
    const run = async () => {
      throw new AppError("CONFLICT", { message: "is taken" });
    };
    const outcome = await submitForm(formOf({ name: "Shop" }), schema, run, { conflictField: "name" });
    expect(outcome).toMatchObject({ ok: false, reply: { error: { name: ["is taken"] } } });
  });

  test("another refusal is about the whole form", async () => {
    const run = async () => {
      throw new AppError("FORBIDDEN", { message: "name is not yours" });
    };
    const outcome = await submitForm(formOf({ name: "Shop" }), schema, run);
    expect(outcome).toMatchObject({ ok: false, reply: { error: { "": ["name is not yours"] } } });
  });

  test("a crash and a missing resource are the page's own errors", async () => {
    const fail = (error: Error) => submitForm(formOf({ name: "Shop" }), schema, () => Promise.reject(error));
    await expect(fail(new Error("boom"))).rejects.toThrow("boom");
    await expect(fail(new AppError("NOT_FOUND"))).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

test("refusalMessage passes on what nobody can do anything about", () => {
  expect(refusalMessage(new AppError("CONFLICT", { message: "rolled already" }))).toBe("rolled already");
  expect(() => refusalMessage(new AppError("INTERNAL"))).toThrow();
});
