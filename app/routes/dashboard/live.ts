import type { LoaderFunctionArgs } from "@remix-run/node";
import { liveResponse } from "~/http/live-response.server";
import { requireScope } from "~/http/require-user.server";

/** Server-sent events for the pages of an application and mode: `changed` when there is something new to load. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { application, mode, services } = await requireScope(request, params);
  return liveResponse(request, { applicationId: application.id, mode }, services.live);
}
