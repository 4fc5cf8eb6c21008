import type { LoaderFunctionArgs } from "@remix-run/node";
import { presentSearch } from "~/features/navigation/search.presenter.server";
import { requireUser } from "~/http/require-user.server";

/** What the command menu finds: as JSON, of any application and mode. The sessions page searches by the same words. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { actor, services } = await requireUser(request);
  const q = (new URL(request.url).searchParams.get("q") ?? "").trim().slice(0, 320);
  const hits = q === "" ? [] : await presentSearch(actor, q, services);
  return Response.json({ q, hits }, { headers: { "cache-control": "no-store" } });
}
