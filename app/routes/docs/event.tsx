import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { OperationPage } from "~/features/docs/operation-page";
import { eventView } from "~/features/docs/operation-view";
import { ownOpenApiDocument } from "~/http/api-routes.server";
import { getServices } from "~/services.server";

export const handle = page<typeof loader>((data) => [
  { label: "API documentation", to: "/docs" },
  { label: data?.operation.summary ?? "Reference" },
]);
export const meta = pageMeta;

export async function loader({ params: { type = "" } }: LoaderFunctionArgs) {
  const { config } = await getServices();
  const operation = eventView(await ownOpenApiDocument(config.appUrl), type);
  if (operation === null) throw new Response(null, { status: 404 });
  return { operation };
}

export default function DocsEvent() {
  return <OperationPage operation={useLoaderData<typeof loader>().operation} />;
}
