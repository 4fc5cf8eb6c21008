import type { LoaderFunctionArgs } from "@remix-run/node";
import { text } from "~/contracts/common";
import { presentSearch } from "~/features/navigation/search.presenter.server";
import { requireUser } from "~/http/require-user.server";

/** What the command menu finds: as JSON, of any application and mode. The sessions page searches by the same words. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { actor, services } = await requireUser(request);
  const q = (new URL(request.url).searchParams.get("q") ?? "").trim();
  const hits = text(320).safeParse(q).success ? await presentSearch(actor, q, services) : [];
  return Response.json({ q, hits }, { headers: { "cache-control": "no-store" } });
}
