import type { PaymentSession } from "~/db/generated/client";
import { toDecimalText } from "~/lib/money";
import { isoIn } from "~/lib/zoned-time";

export const exportFormats = ["csv", "json"] as const;
export type ExportFormat = (typeof exportFormats)[number];

type Row = Record<string, string | null>;

/** One session as both formats have it: amounts as exact decimal text, times in `timeZone` with their offset. */
function exportRow(session: PaymentSession, timeZone: string): Row {
  const time = (date: Date) => isoIn(date, timeZone);
  const amount = (minor: bigint | null) => (minor === null ? null : toDecimalText(minor, session.currency));
  return {
    id: session.id,
    status: session.status,
    amount: amount(session.amountTotal),
    shipping: amount(session.amountShipping),
    tax: amount(session.amountTax),
    currency: session.currency,
    orderReference: session.orderReference,
    customerEmail: session.customerEmail,
    paymentMethod: session.paymentMethod,
    cardBrand: session.cardBrand,
    cardLast4: session.cardLast4,
    provider: session.providerName,
    score: session.score === null ? null : session.score.toFixed(1),
    failureReason: session.status === "EXPIRED" ? "expired" : session.failureReason,
    createdAt: time(session.createdAt),
    updatedAt: time(session.updatedAt),
    expiresAt: time(session.expiresAt),
    checkoutReference: session.checkoutReference,
    providerReference: session.providerReference,
    mode: session.mode,
    applicationId: session.applicationId,
  };
}

const HEADERS = [
  "id",
  "status",
  "amount",
  "shipping",
  "tax",
  "currency",
  "orderReference",
  "customerEmail",
  "paymentMethod",
  "cardBrand",
  "cardLast4",
  "provider",
  "score",
  "failureReason",
  "createdAt",
  "updatedAt",
  "expiresAt",
  "checkoutReference",
  "providerReference",
  "mode",
  "applicationId",
];

/**
 * A cell of a CSV file (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe before it:
 * order references and e-mails are what strangers typed.
 */
export function csvCell(value: string | null): string {
  if (value === null) return "";
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const csvLine = (cells: (string | null)[]) => `${cells.map(csvCell).join(",")}\r\n`;

/** The file's text, piece by piece as the batches come; an empty list is a file too. */
export async function* exportText(
  batches: AsyncIterable<PaymentSession[]>,
  { format, timeZone }: { format: ExportFormat; timeZone: string },
): AsyncGenerator<string> {
  if (format === "csv") {
    yield csvLine(HEADERS);
    for await (const batch of batches) {
      yield batch
        .map((session) => {
          const row = exportRow(session, timeZone);
          return csvLine(HEADERS.map((name) => row[name] ?? null));
        })
        .join("");
    }
    return;
  }
  let before = "[\n";
  for await (const batch of batches) {
    yield before + batch.map((session) => JSON.stringify(exportRow(session, timeZone))).join(",\n");
    before = ",\n";
  }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}

/** "sessions-web-shop-test-2026-11-22.csv": plain ASCII, whatever the application is called. */
export function exportFileName(
  scope: { applicationName: string; mode: string; day: string },
  format: ExportFormat,
): string {
  const name = scope.applicationName
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
  return ["sessions", name, scope.mode, scope.day].filter(Boolean).join("-").concat(".", format);
}
