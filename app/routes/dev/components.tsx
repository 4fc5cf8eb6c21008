import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useSearchParams } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { ComponentsPage } from "~/features/dev/components-page";
import { hasDevPages } from "~/lib/env";
import { getServices } from "~/services.server";

export const handle = page("Components");
export const meta = pageMeta;

/** In development, or where DEV_PAGES asks for it: a 404 elsewhere. */
async function requireDevPages(): Promise<void> {
  const { env } = await getServices();
  if (!hasDevPages(env)) throw new Response(null, { status: 404 });
}

export async function loader(_: LoaderFunctionArgs) {
  await requireDevPages();
  return { now: new Date().toISOString() };
}

/** Answers the page's forms: a short wait, then the error that the confirm dialog shows when asked. */
export async function action({ request }: LoaderFunctionArgs) {
  await requireDevPages();
  const form = await request.formData();
  await new Promise((resolve) => setTimeout(resolve, 600));
  return form.get("fail") === "1" ? { error: "The key is in use by a running deployment." } : null;
}

export default function DevComponents() {
  const { now } = useLoaderData<typeof loader>();
  const [params] = useSearchParams();
  if (params.get("fail") === "render") throw new Error("Asked for by ?fail=render");
  return <ComponentsPage now={now} />;
}
