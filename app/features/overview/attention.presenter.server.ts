import type { Mode } from "~/db/generated/enums";
import type { Services } from "~/domain/services";
import { countSessions } from "~/domain/sessions/list-sessions.server";

/** One thing that a person should look at, and where. */
export interface AttentionView {
  id: string;
  tone: "danger" | "warning";
  title: string;
  /** Relative to the application's and mode's pages. */
  to: string;
  /** Monospace, before the text. */
  code: string | null;
  text: string;
  /** ISO 8601, shown after `text`. */
  at: string | null;
}

const WEEK_MS = 7 * 24 * 3_600_000;
/** A customer who has to act and has not for this long may need help. */
const LONG_WAIT_MS = 30 * 60_000;

/** What needs attention now: providers down, endpoints failing, keys about to expire, customers waiting. */
export async function presentAttention(
  { merchantId, applicationId, mode }: { merchantId: string; applicationId: string; mode: Mode },
  services: Services,
): Promise<AttentionView[]> {
  const { prisma } = services.db;
  const scope = { merchantId, applicationId, mode };
  const now = services.clock.now();
  const [down, endpoints, keys, waiting, long, unfulfilled] = await Promise.all([
    prisma.providerConnection.findMany({
      where: { ...scope, archivedAt: null, isActive: true, health: { breaker: "OPEN" } },
      select: { id: true, provider: true, health: { select: { openedAt: true } } },
      orderBy: { provider: "asc" },
    }),
    prisma.webhookEndpoint.findMany({
      where: {
        ...scope,
        archivedAt: null,
        OR: [
          { isActive: true, failingSince: { not: null } },
          { isActive: false, deactivatedReason: { in: ["gone", "failing"] } },
        ],
      },
      orderBy: { createdAt: "asc" },
    }),
    prisma.apiKey.findMany({
      where: { ...scope, revokedAt: null, expiresAt: { gt: now, lte: new Date(now.getTime() + WEEK_MS) } },
      orderBy: { expiresAt: "asc" },
    }),
    countSessions(scope, { status: ["REQUIRES_ACTION"] }, services),
    countSessions(
      scope,
      { status: ["REQUIRES_ACTION"], createdTo: new Date(now.getTime() - LONG_WAIT_MS) },
      services,
    ),
    countSessions(scope, { unfulfilledAt: now }, services),
  ]);

  const views: AttentionView[] = down.map(({ id, provider, health }) => ({
    id,
    tone: "danger",
    title: `${provider} is down`,
    to: "providers",
    code: null,
    text: "New checkouts go to the other providers. The breaker opened",
    at: health?.openedAt?.toISOString() ?? null,
  }));
  for (const endpoint of endpoints) {
    views.push({
      id: endpoint.id,
      tone: "danger",
      title: endpoint.isActive ? "Webhook endpoint is failing" : "Webhook endpoint was turned off",
      to: `webhooks/${endpoint.id}`,
      code: hostOf(endpoint.url),
      text: endpoint.isActive
        ? "first failed"
        : endpoint.deactivatedReason === "gone"
          ? "said that it is gone (410),"
          : "failed for five days, turned off",
      at: (endpoint.isActive ? endpoint.failingSince : endpoint.deactivatedAt)?.toISOString() ?? null,
    });
  }
  if (unfulfilled > 0) {
    views.push({
      id: "unfulfilled",
      tone: "danger",
      title:
        unfulfilled === 1
          ? "1 paid session is not fulfilled"
          : `${unfulfilled.toLocaleString("en-AU")} paid sessions are not fulfilled`,
      to: "sessions?fulfilled=no",
      code: null,
      text: "The money is there, and no webhook endpoint has acknowledged the order in time.",
      at: null,
    });
  }
  const replacedAt = await replacements(merchantId, keys, services);
  for (const key of keys) {
    const since = replacedAt.get(key.rolledToId ?? "");
    // Rolled, and nothing has used it since: it may end as it was meant to.
    if (since && (key.lastUsedAt === null || key.lastUsedAt <= since)) continue;
    views.push({
      id: key.id,
      tone: "warning",
      title: since ? "A rolled API key is still in use" : "An API key expires soon",
      to: "api-keys",
      code: key.keyPrefix,
      text: since ? `“${key.description}”, stops working` : `“${key.description}”, expires`,
      at: key.expiresAt?.toISOString() ?? null,
    });
  }
  if (waiting > 0) {
    views.push({
      id: "waiting",
      tone: "warning",
      title:
        waiting === 1
          ? "1 session waits for the customer"
          : `${waiting.toLocaleString("en-AU")} sessions wait for the customer`,
      to: "sessions?status=REQUIRES_ACTION",
      code: null,
      text:
        long === 0
          ? "None of them for more than 30 minutes."
          : `${Math.min(long, waiting).toLocaleString("en-AU")} of them for more than 30 minutes.`,
      at: null,
    });
  }
  return views;
}

/** When the keys that replaced rolled ones were made, by their id. */
async function replacements(
  merchantId: string,
  keys: readonly { rolledToId: string | null }[],
  { db }: Pick<Services, "db">,
): Promise<Map<string, Date>> {
  const ids = keys.flatMap(({ rolledToId }) => rolledToId ?? []);
  if (ids.length === 0) return new Map();
  const made = await db.prisma.apiKey.findMany({
    where: { merchantId, id: { in: ids } },
    select: { id: true, createdAt: true },
  });
  return new Map(made.map(({ id, createdAt }) => [id, createdAt]));
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
