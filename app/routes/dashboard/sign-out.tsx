import { type ActionFunctionArgs, redirect } from "@remix-run/node";
import { endSession } from "~/http/require-user.server";
import { getServices } from "~/services.server";

/** Signing out is a POST; an address that is only opened changes nothing. */
export function loader() {
  return redirect("/");
}

export async function action({ request }: ActionFunctionArgs) {
  return redirect("/sign-in", {
    headers: { "set-cookie": await endSession(request, await getServices()) },
  });
}
