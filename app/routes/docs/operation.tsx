import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { OperationPage } from "~/features/docs/operation-page";
import { operationView } from "~/features/docs/operation-view";
import { ownOpenApiDocument } from "~/http/api-routes.server";
import { getServices } from "~/services.server";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.operation.summary ?? "Reference"} · Kadosei API` },
];

export async function loader({ params: { operationId = "" } }: LoaderFunctionArgs) {
  const { config } = await getServices();
  const operation = operationView(await ownOpenApiDocument(config.appUrl), operationId);
  if (operation === null) throw new Response(null, { status: 404 });
  return { operation };
}

export default function DocsOperation() {
  return <OperationPage operation={useLoaderData<typeof loader>().operation} />;
}
