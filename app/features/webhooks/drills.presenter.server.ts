import { type DrillStep, drillStepSchema } from "~/contracts/webhook-drill";
import type { WebhookDrill } from "~/db/generated/client";
import type { UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";

export interface DrillView {
  id: string;
  isRunning: boolean;
  url: string;
  createdAt: string;
  finishedAt: string | null;
  steps: DrillStep[];
}

export interface DrillRow {
  id: string;
  createdAt: string;
  failed: number;
  warned: number;
}

const KEPT = 10;

/** The drill that is asked for, or the newest, and the last ten; all of an endpoint of the actor's merchant. */
export async function presentDrills(
  actor: UserActor,
  input: { webhookId: string; drillId: string | null },
  { db }: Pick<Services, "db">,
): Promise<{ drill: DrillView | null; drills: DrillRow[] }> {
  const rows = await db.prisma.webhookDrill.findMany({
    where: { endpointId: input.webhookId, merchantId: actor.merchantId },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: KEPT,
  });
  const shown = rows.find(({ id }) => id === input.drillId) ?? rows[0];
  return {
    drill: shown ? toDrill(shown) : null,
    drills: rows.map((row) => {
      const { id, createdAt, steps } = toDrill(row);
      const count = (verdict: DrillStep["verdict"]) =>
        steps.filter((step) => step.verdict === verdict).length;
      return { id, createdAt, failed: count("fail"), warned: count("warn") };
    }),
  };
}

function toDrill(row: WebhookDrill): DrillView {
  const steps = drillStepSchema.array().safeParse(row.steps);
  return {
    id: row.id,
    isRunning: row.status === "RUNNING",
    url: row.url,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    steps: steps.success ? steps.data : [],
  };
}
