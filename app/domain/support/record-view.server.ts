import type { Database } from "~/db/database";
import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { maskPersonalText } from "~/lib/redaction";
import { storable } from "~/lib/storable-text";

/** A page that is loaded again so soon is the same view: parts of one page ask several times, and lists update themselves. */
const SAME_VIEW_MS = 60_000;
const REMEMBERED = 5_000;

interface View {
  at: number;
  written: Promise<void>;
}

/** By database, so that a process that has two keeps them apart. */
const memories = new WeakMap<Database, Map<string, View>>();

/**
 * Writes into the merchant's audit log that a visiting staff member looks at a page, before the page is read. Who
 * cannot be recorded sees nothing: a failure is thrown.
 */
export async function recordView(
  actor: UserActor,
  input: { visit: { id: string; reason: string }; url: string },
  { db, clock }: Pick<Services, "db" | "clock">,
): Promise<void> {
  const page = pageOf(input.url);
  const now = clock.now();
  const key = `${input.visit.id} ${page}`;
  const memory = memories.get(db) ?? new Map<string, View>();
  memories.set(db, memory);
  const before = memory.get(key);
  if (before !== undefined && now.getTime() - before.at < SAME_VIEW_MS) return before.written;
  const written = recordAudit(
    db,
    actor,
    {
      action: "support.viewed",
      targetType: "page",
      targetLabel: page,
      after: { reason: input.visit.reason, visit: input.visit.id },
      merchantId: actor.merchantId,
    },
    now,
  );
  memory.delete(key);
  memory.set(key, { at: now.getTime(), written });
  for (const oldest of memory.keys()) {
    if (memory.size <= REMEMBERED) break;
    memory.delete(oldest);
  }
  await written.catch((error: unknown) => {
    memory.delete(key);
    throw error;
  });
}

/** The page as its address bar says, without a customer's data: a line cannot be forgotten. */
function pageOf(url: string): string {
  const { pathname, searchParams } = new URL(url);
  // Set by Remix on requests for data alone.
  for (const name of ["_routes", "index"]) searchParams.delete(name);
  const path = pathname.replace(/\.data$/, "").replace(/^\/_root$/, "/");
  const query = [...searchParams].map(([name, value]) => `${name}=${value}`).join("&");
  return storable(maskPersonalText(query === "" ? path : `${path}?${query}`).slice(0, 500));
}
