import { randomBytes } from "node:crypto";
import type { DrillCall, DrillKind, DrillStep } from "~/contracts/webhook-drill";
import type { SessionEventType } from "~/contracts/words";
import { json } from "~/db/database";
import type { Services } from "~/domain/services";
import { type SessionRow, sessionResource } from "~/domain/sessions/session.resource";
import { newId } from "~/lib/ids";
import { createDeliveryClient, type DeliveryClient } from "./delivery-client.server";
import { drillVerdict, isTaken } from "./drill-verdict";
import { signedHeaders, signingKeyBytes } from "./sign-webhook.server";

const DAY_MS = 24 * 60 * 60_000;
const HOUR_MS = 60 * 60_000;
const OVERSIZED_BYTES = 1024 * 1024;
/** Of what was sent, so much is kept. */
const KEPT_BODY = 4_096;

interface Target {
  url: string;
  applicationId: string;
  secretEncrypted: Uint8Array;
  endpointId: string;
}

interface DrillEvent {
  id: string;
  body: string;
}

/**
 * Sends a drill's requests one after another, for real, and stores each step with its verdict as soon as it is
 * known. An endpoint that gives no answer at all to a valid event is spared the rest. The handler of
 * `run-webhook-drill`.
 */
export async function runDrill(drillId: string, services: Services): Promise<void> {
  const [target] = await services.db.query<Target>(
    `select d.url, e.id as "endpointId", e.application_id as "applicationId", e.secret_encrypted as "secretEncrypted"
       from webhook_drills d join webhook_endpoints e on e.id = d.endpoint_id
      where d.id = $1 and d.status = 'RUNNING' and e.mode = 'test'`,
    [drillId],
  );
  if (target === undefined) return;
  const client = createDeliveryClient();
  const steps: DrillStep[] = [];
  try {
    await runSteps(target, client, services, async (step) => {
      steps.push(step);
      await services.db.query(`update webhook_drills set steps = $2::jsonb where id = $1`, [
        drillId,
        json(steps),
      ]);
    });
  } finally {
    await client.close();
    await services.db.query(`update webhook_drills set status = 'DONE', finished_at = $2 where id = $1`, [
      drillId,
      services.clock.now(),
    ]);
  }
}

async function runSteps(
  target: Target,
  client: DeliveryClient,
  services: Services,
  store: (step: DrillStep) => Promise<void>,
): Promise<void> {
  const key = signingKeyBytes(services.keyring.decrypt(target.secretEncrypted, target.endpointId));
  const now = () => services.clock.now();
  const send = (
    event: DrillEvent,
    change: { key?: Uint8Array; signedAt?: Date; signedBody?: string } = {},
  ) => {
    const { key: with_ = key, signedAt = now(), signedBody = event.body } = change;
    const headers = signedHeaders(event.id, signedBody, [with_], signedAt);
    return call(target.url, event.body, headers, client, services);
  };
  let isValidTaken = false;
  const finish = (kind: DrillKind, ...calls: DrillCall[]) =>
    store({ kind, ...drillVerdict(kind, calls, isValidTaken), calls });

  const session = madeUpSession(target.applicationId, now());
  const paid = drillEvent("session.completed", session, 2, now());
  const valid = await send(paid);
  isValidTaken = isTaken(valid);
  await finish("valid", valid);
  if (valid.status === null) return;

  await finish("duplicate", valid, await send(paid));

  const other = madeUpSession(target.applicationId, now());
  const created = drillEvent("session.created", { ...other, status: "PENDING" }, 1, now());
  await finish(
    "reordered",
    await send(drillEvent("session.completed", other, 2, now())),
    await send(created),
  );

  const old = madeUpSession(target.applicationId, new Date(now().getTime() - 3 * DAY_MS));
  await finish("late", await send(drillEvent("session.completed", old, 2, old.updatedAt)));

  const fresh = () => drillEvent("session.completed", madeUpSession(target.applicationId, now()), 2, now());
  await finish("replayed", await send(fresh(), { signedAt: new Date(now().getTime() - HOUR_MS) }));
  await finish("bad_signature", await send(fresh(), { key: randomBytes(32) }));
  const changed = fresh();
  await finish("tampered", await send(changed, { signedBody: changed.body.replace("SUCCEEDED", "FAILED") }));

  const big = fresh();
  const padded = JSON.stringify({ ...JSON.parse(big.body), padding: "x".repeat(OVERSIZED_BYTES) });
  await finish("oversized", await send({ ...big, body: padded }));
  await finish("still_there", await send(fresh()));
}

async function call(
  url: string,
  body: string,
  headers: Record<string, string>,
  client: DeliveryClient,
  services: Services,
): Promise<DrillCall> {
  const startedAt = services.clock.now().toISOString();
  const allowLocal = services.config.allowLocalWebhooks;
  const answer = await client.post({ url, body, headers, allowLocal });
  return {
    startedAt,
    requestHeaders: headers,
    requestBody: body.length > KEPT_BODY ? `${body.slice(0, KEPT_BODY)}…` : body,
    requestBytes: Buffer.byteLength(body),
    status: answer.status,
    responseHeaders: answer.headers,
    responseBody: answer.body.slice(0, KEPT_BODY),
    error: answer.status === null ? answer.error : null,
    durationMs: answer.durationMs,
  };
}

/** A session that is in no table: its order reference says what it is for. */
function madeUpSession(applicationId: string, at: Date): SessionRow {
  const id = newId();
  return {
    id,
    orderReference: `DRILL-${id.slice(-8)}`,
    status: "SUCCEEDED",
    paymentMethod: "card",
    providerName: "simulator",
    failureReason: null,
    expiresAt: new Date(at.getTime() + HOUR_MS),
    createdAt: at,
    updatedAt: at,
    amountTotal: 14_076n,
    amountShipping: 995n,
    amountTax: 1_181n,
    currency: "AUD",
    mode: "test",
    applicationId,
    customerEmail: "jane.smith@example.com",
    checkoutReference: `chk_drill${id.replaceAll("-", "").slice(-12)}`,
  };
}

function drillEvent(type: SessionEventType, session: SessionRow, sequence: number, at: Date): DrillEvent {
  const id = newId();
  const data = { session: sessionResource(session) };
  return { id, body: JSON.stringify({ id, type, createdAt: at.toISOString(), sequence, data }) };
}
