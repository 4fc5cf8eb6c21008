import { useLoaderData } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { readGuides } from "~/features/docs/guides.server";
import { readInline } from "~/features/docs/markdown.server";
import { docsNavigation } from "~/features/docs/operation-view";
import { StartPage } from "~/features/docs/start-page";
import { ownOpenApiDocument } from "~/http/api-routes.server";
import { getServices } from "~/services.server";

export const handle = page("API documentation");
export const meta = pageMeta;

export async function loader() {
  const { config } = await getServices();
  const document = await ownOpenApiDocument(config.appUrl);
  return {
    origin: config.appUrl,
    introduction: readInline(document.info.description),
    navigation: docsNavigation(document),
    guides: readGuides(config.appUrl).map(({ slug, title, summary }) => ({ slug, title, summary })),
  };
}

export default function DocsStart() {
  return <StartPage {...useLoaderData<typeof loader>()} />;
}
