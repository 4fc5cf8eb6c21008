import type { Documentation } from "./documentation";

type Observer = (documentation: Documentation, request: Request, response: Response) => void;

let observer: Observer | undefined;

/**
 * Every later answer of an API route is shown to `observe`, with what its endpoint declares. For tests, which
 * hold each answer against its declaration (tests/support/answers.ts); nothing calls this in production.
 */
export function observeAnswers(observe: Observer): void {
  observer = observe;
}

/** Shows an answer to the observer, if there is one, and hands it on. */
export function observeAnswer<C extends Documentation>(
  endpoint: C | undefined,
  request: Request,
  response: Response,
): Response {
  if (observer && endpoint) observer(endpoint, request, response);
  return response;
}
