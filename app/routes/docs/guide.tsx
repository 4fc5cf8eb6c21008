import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useOutletContext } from "@remix-run/react";
import { GuidePage } from "~/features/docs/guide-page";
import { readGuides } from "~/features/docs/guides.server";
import type { DocsNavigation } from "~/features/docs/operation-view";
import { getServices } from "~/services.server";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.guide.title ?? "Guide"} · Kadosei API` },
];

export async function loader({ params }: LoaderFunctionArgs) {
  const { config } = await getServices();
  const guide = readGuides(config.appUrl).find(({ slug }) => slug === params.guide);
  if (guide === undefined) throw new Response(null, { status: 404 });
  return { guide: { title: guide.title, summary: guide.summary, blocks: guide.blocks } };
}

export default function DocsGuide() {
  const { guide } = useLoaderData<typeof loader>();
  return <GuidePage guide={guide} navigation={useOutletContext<DocsNavigation>()} />;
}
