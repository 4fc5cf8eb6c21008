import type { LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { readSessionsQuery } from "~/contracts/sessions-list";
import { presentNewer } from "~/features/sessions/sessions.presenter.server";
import { requireScope } from "~/http/require-user.server";

const loadedSchema = z.object({ at: z.iso.datetime(), total: z.coerce.number().int().min(0) });

/** How many more sessions the list of these parameters has than when the page was loaded: `{newer}`. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { application, merchant, mode, services, timeZone } = await requireScope(request, params);
  const search = new URL(request.url).searchParams;
  const loaded = loadedSchema.safeParse(Object.fromEntries(search));
  if (!loaded.success) return Response.json({ newer: 0 });
  const { query } = readSessionsQuery(search);
  const scope = { merchantId: merchant.id, applicationId: application.id, mode };
  const { at, total } = loaded.data;
  const newer = await presentNewer({ ...scope, timeZone, query }, { at: new Date(at), total }, services);
  return Response.json({ newer });
}
