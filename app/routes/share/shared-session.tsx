import { data, type HeadersFunction, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { openShareLink } from "~/domain/share-links/open-share-link.server";
import { presentSharedSession } from "~/features/share/shared-session.presenter.server";
import { SharedSessionPage, ShareLinkGonePage } from "~/features/share/shared-session-page";
import { pageNotFound } from "~/http/form.server";
import { requestContext } from "~/http/request-context";
import { getServices } from "~/services.server";

export const meta: MetaFunction = () => [
  { title: "A shared payment session · Kadosei" },
  { name: "robots", content: "noindex, nofollow, noarchive" },
];

/** The address is the key to the page: it goes to no other site, and into no index or cache. */
const kept = {
  "referrer-policy": "no-referrer",
  "x-robots-tag": "noindex, nofollow, noarchive",
  "cache-control": "no-store",
};
export const headers: HeadersFunction = () => kept;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const services = await getServices();
  const link = await openShareLink(requestContext(request), params.token ?? "", services);
  if (link === "gone") return data({ view: null }, { status: 410, headers: kept });
  const view = link && (await presentSharedSession(link, services));
  if (view === null) throw pageNotFound(request);
  return data({ view }, { headers: kept });
}

/** Each load is a view in the merchant's audit log: choosing a part of the timeline is none. */
export const shouldRevalidate = () => false;

export default function SharedSessionRoute() {
  const { view } = useLoaderData<typeof loader>();
  return view === null ? <ShareLinkGonePage /> : <SharedSessionPage view={view} />;
}
