import type { Actor, ApiKeyActor, UserActor } from "~/domain/actor";
import { authenticateApiKey } from "~/domain/api-keys/authenticate-api-key.server";
import type { Services } from "~/domain/services";
import { verifyAccessToken } from "~/domain/users/access-token.server";
import { AppError } from "~/lib/errors";
import type { RequestContext } from "./request-context";

function bearerToken(request: Request): string {
  const match = /^Bearer ([\x21-\x7E]{1,4096})$/i.exec(request.headers.get("authorization") ?? "");
  if (match?.[1] === undefined) throw new AppError("AUTHENTICATION_REQUIRED");
  return match[1];
}

const isApiKey = (token: string) => token.startsWith("ks_");

/** The signed-in user of a JWT. An API key here is the wrong kind: 401 (api.md §1). */
export async function authenticateUserHeader(
  request: Request,
  context: RequestContext,
  services: Services,
): Promise<UserActor> {
  const token = bearerToken(request);
  if (isApiKey(token))
    throw new AppError("AUTHENTICATION_REQUIRED", {
      message: "This route takes a sign-in token, not an API key",
    });
  return verifyAccessToken(token, context, services);
}

/** The application and mode of an API key. A JWT here is the wrong kind: 401. */
export async function authenticateApiKeyHeader(
  request: Request,
  context: RequestContext,
  services: Services,
): Promise<ApiKeyActor> {
  const token = bearerToken(request);
  if (!isApiKey(token))
    throw new AppError("AUTHENTICATION_REQUIRED", {
      message: "This route takes an API key (ks_live_… or ks_test_…)",
    });
  return authenticateApiKey(token, context, services);
}

/** Either kind, for reads that both may do. */
export async function authenticateEither(
  request: Request,
  context: RequestContext,
  services: Services,
): Promise<UserActor | ApiKeyActor> {
  return isApiKey(bearerToken(request))
    ? authenticateApiKeyHeader(request, context, services)
    : authenticateUserHeader(request, context, services);
}

/** For routes of one mode: a key of the other is the wrong credential. @throws AppError AUTHENTICATION_REQUIRED. */
export function requireKeyMode(actor: Actor, mode: "test"): void {
  if (actor.kind === "api_key" && actor.mode === mode) return;
  throw new AppError("AUTHENTICATION_REQUIRED", {
    message: `This route takes a ${mode} key (ks_${mode}_…) only`,
  });
}
