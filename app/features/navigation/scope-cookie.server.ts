import { isUuid } from "~/lib/ids";
import type { Scope } from "./navigation.presenter.server";

const YEAR_S = 365 * 24 * 3600;

/** The application and mode that this browser had open last. A hint only: nothing is allowed because of it. */
export function rememberedScope(request: Request): Scope | null {
  const match = /(?:^|;\s*)scope=([0-9a-f-]{36})\.(test|live)(?:;|$)/.exec(
    request.headers.get("cookie") ?? "",
  );
  const [, applicationId, mode] = match ?? [];
  if (applicationId === undefined || !isUuid(applicationId)) return null;
  return { applicationId, mode: mode === "live" ? "live" : "test" };
}

/** A Set-Cookie value that remembers `scope`, or null when it is remembered already or only prefetched. */
export function rememberScope(request: Request, scope: Scope): string | null {
  const purpose = request.headers.get("sec-purpose") ?? request.headers.get("purpose") ?? "";
  const before = rememberedScope(request);
  if (purpose.includes("prefetch")) return null;
  if (before?.applicationId === scope.applicationId && before.mode === scope.mode) return null;
  return `scope=${scope.applicationId}.${scope.mode}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax; HttpOnly`;
}
