import { Outlet, useLoaderData } from "@remix-run/react";
import { DocsShell } from "~/features/docs/docs-shell";
import { readGuides } from "~/features/docs/guides.server";
import { docsNavigation } from "~/features/docs/operation-view";
import { ownOpenApiDocument } from "~/http/api-routes.server";
import { getServices } from "~/services.server";

export async function loader() {
  const { config } = await getServices();
  return {
    navigation: docsNavigation(await ownOpenApiDocument(config.appUrl)),
    guides: readGuides(config.appUrl).map(({ slug, title, summary }) => ({ slug, title, summary })),
  };
}

/** The same on every page of the documentation. */
export const shouldRevalidate = () => false;

export default function DocsLayout() {
  const { navigation, guides } = useLoaderData<typeof loader>();
  return (
    <DocsShell navigation={navigation} guides={guides}>
      <Outlet context={navigation} />
    </DocsShell>
  );
}
