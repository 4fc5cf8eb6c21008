import type { LoaderFunctionArgs } from "@remix-run/node";
import { auditLogPageQuerySchema } from "~/contracts/audit-log";
import { exportAudit } from "~/domain/audit/list-audit.server";
import { auditExportFormats, auditExportText } from "~/features/audit/audit-export";
import { auditFiltersOf } from "~/features/audit/audit-log.presenter.server";
import { pageForbidden } from "~/http/form.server";
import { requireUser } from "~/http/require-user.server";
import { streamedFile } from "~/http/streamed-file.server";
import { dayOf } from "~/lib/zoned-time";

/** What the audit log lists with the same parameters, all pages of it, as a file: streamed as it is read. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { actor, services, timeZone } = await requireUser(request);
  const search = new URL(request.url).searchParams;
  const query = auditLogPageQuerySchema.parse(Object.fromEntries(search));
  const format = auditExportFormats.find((name) => name === search.get("format")) ?? "csv";
  const now = services.clock.now();
  const filters = auditFiltersOf(query, timeZone, now);
  const batches = await exportAudit(actor, { filters, format }, services).catch(pageForbidden(request));
  const name = `audit-log-${dayOf(now, timeZone)}.${format}`;
  return streamedFile(auditExportText(batches, { format, timeZone }), { name, format }, actor, services);
}
