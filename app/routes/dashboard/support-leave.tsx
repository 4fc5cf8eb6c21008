import { type ActionFunctionArgs, redirect } from "@remix-run/node";
import { leaveMerchant } from "~/domain/support/visit.server";
import { requireStaff } from "~/http/require-user.server";

/** Leaving is a POST; an address that is only opened changes nothing. */
export function loader() {
  return redirect("/support");
}

export async function action({ request }: ActionFunctionArgs) {
  const { actor, services } = await requireStaff(request);
  await leaveMerchant(actor, services);
  return redirect("/support");
}
