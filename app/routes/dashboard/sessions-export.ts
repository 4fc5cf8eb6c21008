import type { LoaderFunctionArgs } from "@remix-run/node";
import { readSessionsQuery } from "~/contracts/sessions-list";
import { exportSessions } from "~/domain/sessions/export-sessions.server";
import { exportFileName, exportFormats, exportText } from "~/features/sessions/session-export";
import { filtersOf } from "~/features/sessions/sessions-filters";
import { pageForbidden } from "~/http/form.server";
import { requireScope } from "~/http/require-user.server";
import { streamedFile } from "~/http/streamed-file.server";
import { isUuid } from "~/lib/ids";
import { dayOf } from "~/lib/zoned-time";

/** As many as a page of the list has. */
const MOST_CHOSEN = 100;

/** What the sessions page lists with the same parameters, all pages of it, as a file: streamed as it is read. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, application, mode, services, timeZone: own } = await requireScope(request, params);
  const search = new URL(request.url).searchParams;
  const { query } = readSessionsQuery(search);
  const chosen = search.getAll("id").filter(isUuid).slice(0, MOST_CHOSEN);
  const format = exportFormats.find((name) => name === search.get("format")) ?? "csv";
  const timeZone = query.zone ?? own;
  const now = services.clock.now();
  const batches = await exportSessions(
    actor,
    {
      applicationId: application.id,
      applicationName: application.name,
      mode,
      // What was chosen in the list, or all that its filters leave.
      filters: chosen.length > 0 ? { ids: chosen } : filtersOf(query, timeZone, now),
      format,
    },
    services,
  ).catch(pageForbidden(request));
  const text = exportText(batches, { format, timeZone });
  const name = exportFileName({ applicationName: application.name, mode, day: dayOf(now, timeZone) }, format);
  return streamedFile(text, { name, format }, actor, services);
}
