import type { AuditLine } from "~/domain/audit/list-audit.server";
import { csvLine } from "~/lib/csv";
import { isoIn } from "~/lib/zoned-time";

export const auditExportFormats = ["csv", "json"] as const;
export type AuditExportFormat = (typeof auditExportFormats)[number];

const COLUMNS = [
  "position",
  "createdAt",
  "actorKind",
  "actor",
  "actorId",
  "action",
  "targetType",
  "targetId",
  "target",
  "before",
  "after",
  "ip",
  "userAgent",
  "requestId",
  "id",
  "hash",
] as const;

function exportRow(line: AuditLine, timeZone: string) {
  return {
    position: Number(line.position),
    createdAt: isoIn(line.createdAt, timeZone),
    actorKind: line.actorKind,
    actor: line.actorLabel,
    actorId: line.actorId,
    action: line.action,
    targetType: line.targetType,
    targetId: line.targetId,
    target: line.targetLabel,
    before: line.before,
    after: line.after,
    ip: line.ip,
    userAgent: line.userAgent,
    requestId: line.requestId,
    id: line.id,
    hash: Buffer.from(line.hash).toString("hex"),
  } satisfies Record<(typeof COLUMNS)[number], unknown>;
}

/** The file's text, piece by piece as the batches come; times in `timeZone` with their offset. */
export async function* auditExportText(
  batches: AsyncIterable<AuditLine[]>,
  { format, timeZone }: { format: AuditExportFormat; timeZone: string },
): AsyncGenerator<string> {
  if (format === "csv") {
    yield csvLine(COLUMNS);
    for await (const lines of batches) {
      yield lines
        .map((line) => {
          const row = exportRow(line, timeZone);
          const cells = { ...row, before: inCell(row.before), after: inCell(row.after) };
          return csvLine(COLUMNS.map((name) => cells[name]));
        })
        .join("");
    }
    return;
  }
  let separator = "[\n";
  for await (const lines of batches) {
    yield separator + lines.map((line) => JSON.stringify(exportRow(line, timeZone))).join(",\n");
    separator = ",\n";
  }
  yield separator === "[\n" ? "[]\n" : "\n]\n";
}

const inCell = (values: Record<string, unknown> | null) => (values === null ? null : JSON.stringify(values));
