import { randomBytes } from "node:crypto";
import { PassThrough } from "node:stream";
import {
  createReadableStreamFromReadable,
  type EntryContext,
  type HandleErrorFunction,
} from "@remix-run/node";
import { isRouteErrorResponse, RemixServer } from "@remix-run/react";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";
import { NonceProvider } from "~/components/nonce";
import { gzipFor } from "~/http/compressed.server";
import { requestContext } from "~/http/request-context";
import { contentSecurityPolicy, securityHeaders } from "~/http/security-headers";
import { getServices } from "~/services.server";

declare module "@remix-run/node" {
  interface Future {
    v3_singleFetch: true;
  }
}

export { copyDatabase, requireEmpty } from "~/db/copy-database.server";
export { oneAtATime } from "~/db/migrate.server";
export { openDatabase } from "~/db/open-database.server";
// What server.ts needs comes through this module, so that a process has one copy of the app.
export { systemActor } from "~/domain/actor";
export { verifyAudit } from "~/domain/audit/verify-audit.server";
export { rotateKeys } from "~/domain/maintenance/rotate-keys.server";
export { eraseCustomerEverywhere } from "~/domain/privacy/erase-customer.server";
export { addStaff, removeStaff } from "~/domain/support/set-staff.server";
export { inviteMerchant } from "~/domain/users/invite-merchant.server";
export { createHttpApp } from "~/http/http-app.server";
export { processMetrics } from "~/http/metrics.server";
export { EnvError, parseEnv } from "~/lib/env";
export { provideServices, startServices } from "~/services.server";

/** How long deferred data may keep a response open; then what is missing shows its error. */
const ABORT_DELAY_MS = 5_000;

/** Streams the page: browsers get it from the first shell on, bots when all of it is there. */
export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
): Promise<Response> {
  const { config } = await getServices();
  const nonce = randomBytes(16).toString("base64");
  for (const [name, value] of Object.entries(
    securityHeaders({ https: config.appUrl.startsWith("https:") }),
  )) {
    headers.set(name, value);
  }
  headers.set("Content-Type", "text/html; charset=utf-8");
  headers.set("X-Request-Id", requestContext(request).requestId);
  headers.set(
    "Content-Security-Policy",
    contentSecurityPolicy({
      nonce,
      pathname: new URL(request.url).pathname,
      development: import.meta.env.DEV,
    }),
  );
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");

  const waitForAll = isbot(request.headers.get("user-agent") ?? "");
  return new Promise((resolve, reject) => {
    let shellRendered = false;
    let statusCode = status;
    const respond = () => {
      shellRendered = true;
      // React flushes what it writes to whenever it pauses.
      const body = gzipFor(request, headers) ?? new PassThrough();
      body.once("close", () => clearTimeout(timer));
      resolve(new Response(createReadableStreamFromReadable(body), { headers, status: statusCode }));
      pipe(body);
    };
    const { pipe, abort } = renderToPipeableStream(
      <NonceProvider value={nonce}>
        <RemixServer context={remixContext} url={request.url} abortDelay={ABORT_DELAY_MS} nonce={nonce} />
      </NonceProvider>,
      {
        nonce,
        [waitForAll ? "onAllReady" : "onShellReady"]: respond,
        onShellError(error: unknown) {
          clearTimeout(timer);
          reject(error);
        },
        onError(error: unknown) {
          statusCode = 500;
          // Errors of the shell reach handleError through the rejection.
          if (shellRendered) logError(error, request);
        },
      },
    );
    const timer = setTimeout(abort, ABORT_DELAY_MS + 1_000);
  });
}

/** Called by Remix for what loaders, actions and rendering threw, and for its own answers: an unknown address is no error of ours. */
export const handleError: HandleErrorFunction = (error, { request }) => {
  if (request.signal.aborted || (isRouteErrorResponse(error) && error.status < 500)) return;
  logError(error, request);
};

function logError(error: unknown, request: Request): void {
  const { requestId } = requestContext(request);
  const { pathname } = new URL(request.url);
  getServices().then(
    ({ log }) => log.error({ requestId, method: request.method, path: pathname, err: error }, "page failed"),
    (cause) => console.error(cause instanceof Error ? cause.message : cause),
  );
}
