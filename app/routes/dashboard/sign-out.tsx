import { type ActionFunctionArgs, redirect } from "@remix-run/node";
import { endUserSession } from "~/domain/users/user-session.server";
import { requestContext } from "~/http/request-context";
import { clearedSessionCookie, readSessionToken } from "~/http/session-cookie.server";
import { getServices } from "~/services.server";

/** Signing out is a POST; an address that is only opened changes nothing. */
export function loader() {
  return redirect("/");
}

export async function action({ request }: ActionFunctionArgs) {
  const services = await getServices();
  const token = readSessionToken(request, services.config.appUrl);
  if (token !== null) await endUserSession(requestContext(request), { token }, services);
  return redirect("/sign-in", { headers: { "set-cookie": clearedSessionCookie(services.config.appUrl) } });
}
