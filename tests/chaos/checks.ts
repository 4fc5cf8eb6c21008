import type pg from "pg";
import { counterFaults } from "../../bench/counters";
import { type Load, type Order, offeredCheckout, type ProviderSide, tryOnce } from "./load";
import type { Merchant } from "./merchant";

export interface Check {
  promise: string;
  looked: number;
  /** What broke it; the first few. */
  broken: string[];
}

export interface World {
  load: Load;
  providers: readonly ProviderSide[];
  merchant: Merchant;
  origins: readonly string[];
  apiKey: string;
  db: pg.Client;
  applicationId: string;
}

/** An earlier event of a session holds up a later one for so long while it fails (api.md §6), less a moment. */
const ORDER_GIVES_WAY_MS = 55_000;

/** Every promise of reliability.md that a storm of faults could break, looked at from the outside where it can be seen there. */
export async function checkPromises(world: World): Promise<Check[]> {
  const { load } = world;
  const answered = load.orders.filter(({ answer }) => answer !== null);
  const made = answered.filter(({ answer }) => answer?.status === 201);
  const checks: Check[] = [];
  const check = (promise: string, looked: number, broken: string[]) =>
    checks.push({ promise, looked, broken });

  check(
    "every call is answered for good in the end",
    load.orders.length,
    load.orders.filter(({ answer }) => answer === null).map(({ key }) => `${key} never was`),
  );

  const replays = await inTurn(answered, async (order, index) => {
    const origin = world.origins[index % world.origins.length] as string;
    await tryOnce(order, origin, world.apiKey, load.answers);
    return order.different.length === 0
      ? []
      : [`${order.key}: ${order.answer?.body} and ${order.different[0]}`];
  });
  check("one key, one answer, byte for byte, at every instance", answered.length, replays);

  const lost = await inTurn(made, async (order, index) => {
    const reply = await get(world, `/api/v1/sessions/${order.sessionId}`, index);
    const session = reply.body as { orderReference?: string; status?: string; amount?: { total: number } };
    if (reply.status !== 200) return [`${order.sessionId} answers ${reply.status}`];
    if (session.orderReference !== order.reference) return [`${order.sessionId} is another's`];
    if (session.amount?.total !== 140.76) return [`${order.sessionId} costs ${session.amount?.total}`];
    const wanted = order.isPaid ? "SUCCEEDED" : "PENDING";
    return session.status === wanted ? [] : [`${order.sessionId} is ${session.status}, not ${wanted}`];
  });
  check("no accepted session is lost, and each stands as its provider said", made.length, lost);

  const { rows: perReference } = await world.db.query<{ reference: string; n: number }>(
    `select order_reference as reference, count(*)::int4 as n from payment_sessions
      where application_id = $1 group by 1 having count(*) > 1`,
    [world.applicationId],
  );
  check(
    "one key, one session",
    load.orders.length,
    perReference.map(({ reference, n }) => `${reference}: ${n}`),
  );

  check("one checkout for each try, however often it was asked for", ...doubleCheckouts(world));
  check("a customer is led to one checkout only", ...(await twoCheckouts(world, made)));
  check("every event comes to the merchant, with one id and one body", ...(await lostEvents(world)));
  check("the events of a session come in order", ...disorder(world));

  check("counters equal GROUP BY", load.orders.length, await counterFaults(world.db));

  const { rows: left } = await world.db.query<{ what: string; n: number }>(
    `select 'keys' as what, count(*)::int4 as n from idempotency_keys where recovery_point <> 'FINISHED'
     union all select 'provider events', count(*)::int4 from inbound_events where applied_at is null
     union all select 'deliveries', count(*)::int4 from webhook_deliveries where status = 'PENDING'
     union all select 'tries', count(*)::int4 from attempts where status = 'STARTED'`,
  );
  check(
    "nothing is left half done",
    4,
    left.filter(({ n }) => n > 0).map(({ what, n }) => `${n} ${what}`),
  );
  return checks;
}

/** A provider has at most one checkout of a reference, which is of one try. */
function doubleCheckouts({ providers }: World): [number, string[]] {
  const seen = new Map<string, number>();
  for (const { stripe } of providers)
    for (const { client_reference_id: reference } of stripe.sessions)
      seen.set(reference ?? "", (seen.get(reference ?? "") ?? 0) + 1);
  return [seen.size, [...seen].filter(([, n]) => n > 1).map(([reference, n]) => `${reference}: ${n}`)];
}

async function twoCheckouts(world: World, made: readonly Order[]): Promise<[number, string[]]> {
  const open = made.filter(({ isPaid }) => !isPaid);
  const broken = await inTurn(open, async (order) => {
    const offers = await Promise.all(world.origins.map((origin) => offeredCheckout(order, origin)));
    const ids = new Set(offers);
    return ids.size === 1 && !ids.has(null) ? [] : [`${order.sessionId}: ${offers.join(" and ")}`];
  });
  const { rows } = await world.db.query<{ id: string }>(
    `select session_id as id from attempts where status = 'ACCEPTED' group by 1 having count(*) > 1`,
  );
  return [open.length, [...broken, ...rows.map(({ id }) => `${id} has two accepted tries`)]];
}

/** What was written for the merchant is what he got: nothing is missing, nothing differs, nothing came from nowhere. */
async function lostEvents({ db, merchant, applicationId }: World): Promise<[number, string[]]> {
  const { rows } = await db.query<{ id: string; body: string }>(
    "select id, body from webhook_events where application_id = $1 and session_id is not null",
    [applicationId],
  );
  const known = new Set(rows.map(({ id }) => id));
  const broken = rows.flatMap(({ id, body }) => {
    const seen = merchant.events.get(id);
    if (seen === undefined || !seen.arrivals.some(({ answered }) => answered === 200))
      return [`${id} never came`];
    return seen.bodies.size === 1 && seen.bodies.has(body)
      ? []
      : [`${id} came with ${seen.bodies.size} bodies`];
  });
  const strange = [...merchant.events.keys()]
    .filter((id) => !known.has(id))
    .map((id) => `${id} was never written`);
  return [rows.length, [...broken, ...strange]];
}

function disorder({ merchant }: World): [number, string[]] {
  const broken: string[] = [];
  for (const [sessionId, ids] of merchant.orders) {
    const events = ids.flatMap((id) => merchant.events.get(id) ?? []);
    const bySequence = [...events].sort((a, b) => sequenceOf(a.bodies) - sequenceOf(b.bodies));
    for (const [index, event] of bySequence.entries()) {
      const before = bySequence[index - 1];
      if (before === undefined) continue;
      const came = event.arrivals[0]?.at ?? 0;
      const taken = before.arrivals.find(({ answered }) => answered === 200)?.at ?? Infinity;
      const failedSince = before.arrivals[0]?.at ?? Infinity;
      if (came < taken && came - failedSince < ORDER_GIVES_WAY_MS)
        broken.push(`${sessionId}: ${event.type} before ${before.type}`);
    }
  }
  return [merchant.orders.size, broken];
}

function sequenceOf(bodies: ReadonlySet<string>): number {
  const [body = "{}"] = bodies;
  return (JSON.parse(body) as { sequence?: number }).sequence ?? 0;
}

async function get(world: World, path: string, index: number): Promise<{ status: number; body: unknown }> {
  const reply = await fetch(`${world.origins[index % world.origins.length]}${path}`, {
    headers: { authorization: `Bearer ${world.apiKey}` },
  });
  return { status: reply.status, body: await reply.json() };
}

/** Eight at a time. */
async function inTurn<Item>(
  items: readonly Item[],
  look: (item: Item, index: number) => Promise<string[]>,
): Promise<string[]> {
  const found: string[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++)
      found.push(...(await look(items[index] as Item, index)));
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return found;
}
