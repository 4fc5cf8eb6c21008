import { pipeline, Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { createGzip, type Gzip } from "node:zlib";
import { createReadableStreamFromReadable } from "@remix-run/node";

const IS_TEXT = /^(text\/(html|plain|csv|x-script)|application\/json)\b/;
const TAKES_GZIP = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i;
/** A page of 250 KB becomes 25 KB in one millisecond; level 6 takes three for 22 KB. */
const LEVEL = 4;

/**
 * What to write an answer to a page's request through, so that it goes out in gzip; null where it is not to. `headers`
 * are the answer's, which then say so. What another site asked for is not compressed: the length of an answer would
 * say something about what is in it beside what that site wrote into the address (BREACH).
 */
export function gzipFor(request: Request, headers: Headers): Gzip | null {
  if (!IS_TEXT.test(headers.get("content-type") ?? "") || headers.has("content-encoding")) return null;
  if (request.method === "HEAD" || request.headers.get("sec-fetch-site") === "cross-site") return null;
  if (!TAKES_GZIP.test(request.headers.get("accept-encoding") ?? "")) return null;
  headers.set("content-encoding", "gzip");
  headers.delete("content-length");
  return createGzip({ level: LEVEL });
}

/**
 * The answer in gzip, where it may be. Whenever nothing more comes at once, what was written goes out: Hono's `compress`
 * keeps it until the end, and with it the page that waits for its slow part.
 */
export function compressed(request: Request, response: Response): Response {
  const { body, headers } = response;
  if (IS_TEXT.test(headers.get("content-type") ?? ""))
    headers.append("vary", "accept-encoding, sec-fetch-site");
  const gzip = body && gzipFor(request, headers);
  if (!gzip) return response;
  const source = Readable.fromWeb(body as ReadableStream);
  let isWaiting = false;
  source.on("data", () => {
    if (isWaiting) return;
    isWaiting = true;
    setImmediate(() => {
      isWaiting = false;
      if (!gzip.writableEnded) gzip.flush();
    });
  });
  // Whichever of them ends early, by an error or because the reader has gone, ends the others.
  pipeline(source, gzip, () => undefined);
  return new Response(createReadableStreamFromReadable(gzip), response);
}
