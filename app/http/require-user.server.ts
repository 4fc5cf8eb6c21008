import { redirect } from "@remix-run/node";
import type { Mode } from "~/db/generated/enums";
import type { ActingRole, UserActor } from "~/domain/actor";
import type { ApplicationRow } from "~/domain/applications/application.server";
import { findApplication } from "~/domain/applications/find-application.server";
import type { Services } from "~/domain/services";
import { recordView } from "~/domain/support/record-view.server";
import type { StaffActor } from "~/domain/support/staff-actor";
import { endUserSession, findUserSession, type UserSessionView } from "~/domain/users/user-session.server";
import { isAppError } from "~/lib/errors";
import { isUuid } from "~/lib/ids";
import { getServices } from "~/services.server";
import { renewedToken } from "./renewed-session.server";
import { requestContext } from "./request-context";
import { safeReturnTo } from "./return-to";
import { clearedSessionCookie, readSessionToken } from "./session-cookie.server";

export interface SignedIn {
  session: UserSessionView;
  user: UserSessionView["user"];
  merchant: NonNullable<UserSessionView["merchant"]>;
  role: ActingRole;
  /** Set while one of Kadosei's staff looks at the merchant. */
  visit: UserSessionView["visit"];
  /** IANA zone that times are shown in: the user's own, or the merchant's. */
  timeZone: string;
  actor: UserActor;
  services: Services;
}

/** Who is signed in in this browser; null when nobody is. */
export async function findUser(request: Request): Promise<UserSessionView | null> {
  const services = await getServices();
  const token = tokenOf(request, services);
  return token === null ? null : findUserSession(token, services);
}

/** The cookie's, or the one that replaced it in this request. */
function tokenOf(request: Request, { config }: Services): string | null {
  return renewedToken() ?? readSessionToken(request, config.appUrl);
}

/** Ends the session of this browser, if it has one; gives the `Set-Cookie` value that clears its cookie. */
export async function endSession(request: Request, services: Services): Promise<string> {
  const token = tokenOf(request, services);
  if (token !== null) await endUserSession(requestContext(request), { token }, services);
  return clearedSessionCookie(services.config.appUrl);
}

/**
 * Who is signed in, in a merchant's team or in none: for the pages about one's own account.
 * @throws Response a redirect to the sign-in page, which leads back here.
 */
export async function requireSession(
  request: Request,
): Promise<{ session: UserSessionView; services: Services }> {
  const services = await getServices();
  const session = await findUser(request);
  if (session === null) throw toSignIn(request, services);
  return { session, services };
}

/**
 * The signed-in member of a team, for every page of the dashboard; or Kadosei's staff on a support visit, whose
 * look is in the merchant's audit log before this resolves.
 * @throws Response a redirect to the sign-in page, which leads back here, or to the support console for staff who
 * are on no visit; 403 for anybody else without a merchant.
 */
export async function requireUser(request: Request): Promise<SignedIn> {
  const { session, services } = await requireSession(request);
  const { user, merchant, role, visit } = session;
  if (merchant === null || role === null) {
    if (user.isStaff) throw redirect("/support");
    throw new Response("Your sign-in belongs to no merchant, so there is no dashboard to show.", {
      status: 403,
    });
  }
  const { requestId, ip, userAgent } = requestContext(request);
  const label = `${user.firstName} ${user.lastName}`;
  const actor: UserActor = {
    kind: "user",
    requestId,
    ip,
    userAgent,
    userId: user.id,
    merchantId: merchant.id,
    role,
    label,
  };
  if (visit !== null) await recordView(actor, { visit, url: request.url }, services);
  return {
    session,
    user,
    merchant,
    role,
    visit,
    timeZone: user.timeZone ?? merchant.timeZone,
    actor,
    services,
  };
}

/**
 * Kadosei's own staff, for the support console; `session` says on which visit this browser is.
 * @throws Response a redirect to the sign-in page; 404 for everybody else: for them there is no console.
 */
export async function requireStaff(
  request: Request,
): Promise<{ actor: StaffActor; session: UserSessionView; services: Services }> {
  const services = await getServices();
  const session = await findUser(request);
  if (session === null) throw toSignIn(request, services);
  const { user } = session;
  if (!user.isStaff) throw notFound();
  const { requestId, ip, userAgent } = requestContext(request);
  const actor: StaffActor = {
    ...{ kind: "user", role: "staff", requestId, ip, userAgent },
    userId: user.id,
    label: `${user.firstName} ${user.lastName}`,
    userSessionId: session.id,
  };
  return { actor, session, services };
}

/**
 * `requireUser`, and the application and mode of a route under /apps/:applicationId/:mode. An archived
 * application is found: its history stays.
 * @throws Response 404 for an unknown or foreign application, and for a mode that is none.
 */
export async function requireScope(
  request: Request,
  params: { applicationId?: string | undefined; mode?: string | undefined },
): Promise<SignedIn & { application: ApplicationRow; mode: Mode }> {
  const signedIn = await requireUser(request);
  const { applicationId, mode } = params;
  if (applicationId === undefined || !isUuid(applicationId)) throw notFound();
  if (mode !== "test" && mode !== "live") throw notFound();
  const application = await findApplication(
    signedIn.actor,
    { applicationId, includeArchived: true },
    signedIn.services,
  ).catch((error: unknown) => {
    throw isAppError(error, "NOT_FOUND") ? notFound() : error;
  });
  return { ...signedIn, application, mode };
}

function notFound(): Response {
  return new Response("Not Found", { status: 404, statusText: "Not Found" });
}

function toSignIn(request: Request, { config }: Services): Response {
  const url = new URL(request.url);
  const returnTo = safeReturnTo(url.pathname + url.search);
  const target = returnTo === "/" ? "/sign-in" : `/sign-in?returnTo=${encodeURIComponent(returnTo)}`;
  // A cookie of a session that is over would be looked up on every request. Only a document takes it away: what a
  // page fetches may have been asked with the cookie before a newer one.
  const isDocument = ["document", null].includes(request.headers.get("sec-fetch-dest"));
  const stale = isDocument && readSessionToken(request, config.appUrl) !== null;
  return redirect(
    target,
    stale ? { headers: { "set-cookie": clearedSessionCookie(config.appUrl) } } : undefined,
  );
}
