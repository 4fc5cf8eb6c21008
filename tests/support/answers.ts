import { afterEach, expect } from "vitest";
import { errorBodySchema } from "~/contracts/error-body";
import { observeAnswers } from "~/http/answer-observer";
import { errorCodesOf } from "~/http/documentation";

/**
 * Holds every answer of every API route in every test against what the route declares of it: status, body, and
 * for an error its code. What does not fit fails the test that was running (api.md §9: one source).
 */
export function checkAnswers(): void {
  let problems: string[] = [];
  let running: Promise<void>[] = [];

  observeAnswers((endpoint, request, response) => {
    const { pathname } = new URL(request.url);
    const name = `${endpoint.operationId} (${request.method} ${pathname}) answered ${response.status}`;
    const copy = request.method === "HEAD" ? null : response.clone();
    const check = async () => {
      const text = copy === null ? null : await copy.text();
      if (response.status >= 400) {
        if (text === null) return;
        const parsed = errorBodySchema.safeParse(JSON.parse(text));
        if (!parsed.success) return void problems.push(`${name}: ${parsed.error.message}\n${text}`);
        // NOT_FOUND follows from the path's ids; which path it was is not known here.
        const codes = errorCodesOf(endpoint as never, "/:anyId");
        if (!codes.includes(parsed.data.code)) problems.push(`${name}: ${parsed.data.code} is not declared`);
        return;
      }
      const expected = endpoint.status ?? (endpoint.response === null ? 204 : 200);
      if (response.status !== expected) return void problems.push(`${name}: ${expected} is declared`);
      if (text === null) return;
      if (endpoint.response === null) {
        if (text !== "") problems.push(`${name}: no body is declared`);
        return;
      }
      const parsed = endpoint.response.safeParse(JSON.parse(text));
      if (!parsed.success) problems.push(`${name}: ${parsed.error.message}\n${text.slice(0, 2000)}`);
    };
    running.push(check());
  });

  afterEach(async () => {
    await Promise.all(running);
    const found = problems;
    problems = [];
    running = [];
    expect(found, "answers that are not as their routes declare").toEqual([]);
  });
}
