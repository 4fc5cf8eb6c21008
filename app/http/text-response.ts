const texts = new WeakMap<Response, string>();

/** A JSON answer whose text the API request log can have without reading the body a second time. */
export function jsonTextResponse(
  text: string,
  init: { status: number; headers?: Record<string, string> },
): Response {
  const response = new Response(text, {
    status: init.status,
    headers: { "content-type": "application/json", ...init.headers },
  });
  texts.set(response, text);
  return response;
}

/** The text of an answer that `jsonTextResponse` made; null for any other. */
export function textOf(response: Response): string | null {
  return texts.get(response) ?? null;
}
