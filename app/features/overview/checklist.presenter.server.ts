import type { Services } from "~/domain/services";

/** One step from an empty dashboard to a first paid test session. */
export interface ChecklistStep {
  id: "application" | "key" | "call" | "webhook" | "paid";
  isDone: boolean;
  title: string;
  text: string;
  /** Where it is done. */
  to: string;
  action: string;
}

/** The first steps of this application, ticked by what is there; null once a test session of the merchant was paid. */
export async function presentChecklist(
  { merchantId, applicationId }: { merchantId: string; applicationId: string },
  services: Services,
): Promise<ChecklistStep[] | null> {
  const { prisma } = services.db;
  const [paid] = await services.db.query(
    `select 1 from session_counters where application_id in (select id from applications where merchant_id = $1)
        and mode = 'test' and grain = 'month' and status = 'SUCCEEDED'
      group by application_id having sum(sessions) > 0 limit 1`,
    [merchantId],
  );
  if (paid) return null;
  const ofTest = { merchantId, applicationId, mode: "test" } as const;
  const [keys, calls, endpoints, open] = await Promise.all([
    prisma.apiKey.count({ where: { ...ofTest, revokedAt: null } }),
    prisma.paymentSession.findFirst({ where: { ...ofTest, apiKeyId: { not: null } }, select: { id: true } }),
    prisma.webhookEndpoint.count({ where: { ...ofTest, archivedAt: null } }),
    prisma.paymentSession.findFirst({
      where: {
        ...ofTest,
        status: { in: ["PENDING", "REQUIRES_ACTION", "PROCESSING"] },
        expiresAt: { gt: services.clock.now() },
      },
      orderBy: { createdAt: "desc" },
      select: { id: true },
    }),
  ]);
  const base = `/apps/${applicationId}/test`;
  return [
    {
      id: "application",
      isDone: true,
      title: "Create an application",
      text: "It keeps keys, providers and webhooks of one shop or product together.",
      to: `/applications/${applicationId}`,
      action: "Open",
    },
    {
      id: "key",
      isDone: keys > 0,
      title: "Create a test API key",
      text: "Your server signs in with it. Test keys never touch real money.",
      to: `${base}/api-keys`,
      action: keys > 0 ? "API keys" : "Create a key",
    },
    {
      id: "call",
      isDone: calls !== null,
      title: "Make the first call",
      text: "The API keys page has a command to paste into a shell; put in your key.",
      to: `${base}/api-keys`,
      action: keys > 0 ? "See the command" : "API keys",
    },
    {
      id: "webhook",
      isDone: endpoints > 0,
      title: "Add a webhook endpoint",
      text: "Your server hears of every paid, failed and expired session.",
      to: `${base}/webhooks`,
      action: endpoints > 0 ? "Webhooks" : "Add an endpoint",
    },
    {
      id: "paid",
      isDone: false,
      title: "Pay a test session",
      text: open
        ? "Open the checkout of your session and pay with a test card."
        : "Make a test session, open its checkout and pay with a test card.",
      to: open ? `${base}/sessions/${open.id}` : `${base}/sessions`,
      action: open ? "Open the session" : "Go to sessions",
    },
  ];
}
