import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useOutletContext } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { GuidePage } from "~/features/docs/guide-page";
import { readGuides } from "~/features/docs/guides.server";
import type { DocsNavigation } from "~/features/docs/operation-view";
import { getServices } from "~/services.server";

export const handle = page<typeof loader>((data) => [
  { label: "API documentation", to: "/docs" },
  { label: data?.guide.title ?? "Guide" },
]);
export const meta = pageMeta;

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
