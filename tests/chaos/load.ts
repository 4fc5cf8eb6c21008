import { createHmac, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { exampleSessionBody } from "../../app/contracts/example-session";
import type { FakeStripe } from "../support/providers/stripe";

/** One order of a merchant: an idempotency key and all that was answered to it. */
export interface Order {
  key: string;
  reference: string;
  body: string;
  /** What the product said for good; the first one counts. */
  answer: { status: number; body: string } | null;
  /** Definitive answers that were other than the first. */
  different: string[];
  sessionId: string | null;
  /** The provider says that it was paid. */
  isPaid: boolean;
}

export interface Load {
  orders: Order[];
  /** Answers by status and code; "network" for none. */
  answers: Record<string, number>;
  notices: Promise<void>[];
  stop(): Promise<void>;
}

/** Answers that are stored under the key, and come again whenever it is used. */
const isFinal = (status: number, code: string | undefined) =>
  status === 201 || status === 410 || (status === 503 && code === "ALL_PROVIDERS_FAILED");

const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(Math.random() * items.length)] as Item;

/** One call with the order's key; true when it was answered for good. */
export async function tryOnce(
  order: Order,
  origin: string,
  apiKey: string,
  answers: Record<string, number>,
): Promise<boolean> {
  let name = "network";
  try {
    const reply = await fetch(`${origin}/api/v1/sessions`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${apiKey}`,
        "content-type": "application/json",
        "idempotency-key": order.key,
      },
      body: order.body,
      signal: AbortSignal.timeout(25_000),
    });
    const text = await reply.text();
    const said = JSON.parse(text) as { code?: string; sessionId?: string };
    name = said.code ? `${reply.status} ${said.code}` : String(reply.status);
    if (!isFinal(reply.status, said.code)) return false;
    const answer = { status: reply.status, body: text };
    if (order.answer === null) order.answer = answer;
    else if (order.answer.status !== answer.status || order.answer.body !== answer.body)
      order.different.push(`${answer.status} ${text}`);
    order.sessionId ??= said.sessionId ?? null;
    return true;
  } catch {
    return false;
  } finally {
    answers[name] = (answers[name] ?? 0) + 1;
  }
}

/**
 * Customers at `origins`: each makes orders one after the other, repeats a call until it is answered for good, now
 * and then sends it twice at once, or again when it was answered; half of what was made gets paid at the provider.
 */
export function startLoad(options: {
  customers: number;
  origins: readonly string[];
  apiKey: string;
  pauseMs: number;
  notify: (order: Order) => Promise<void>;
}): Load {
  const { origins, apiKey, pauseMs } = options;
  let running = true;
  const load: Load = { orders: [], answers: {}, notices: [], stop: async () => undefined };

  async function customer(): Promise<void> {
    while (running) {
      const reference = `chaos-${randomUUID()}`;
      const body = { ...exampleSessionBody("http://localhost:4400"), orderReference: reference };
      const order: Order = {
        ...{ key: randomUUID(), reference, body: JSON.stringify(body) },
        ...{ answer: null, different: [], sessionId: null, isPaid: false },
      };
      load.orders.push(order);
      const call = () => tryOnce(order, pick(origins), apiKey, load.answers);
      while (running && order.answer === null) {
        await (Math.random() < 0.15 ? Promise.all([call(), call()]) : call());
        if (order.answer === null) await sleep(200 + Math.random() * 300);
      }
      if (order.answer?.status === 201) {
        if (Math.random() < 0.1) await call();
        if (Math.random() < 0.5) load.notices.push(options.notify(order));
      }
      await sleep(pauseMs * (0.5 + Math.random()));
    }
  }
  const customers = Array.from({ length: options.customers }, customer);
  load.stop = async () => {
    running = false;
    await Promise.all(customers);
  };
  return load;
}

/** Where the product's page sends an order's customer: the provider's checkout; null when nobody says now. */
export async function offeredCheckout(order: Order, origin: string): Promise<string | null> {
  const { checkoutUrl } = JSON.parse(order.answer?.body ?? "{}") as { checkoutUrl?: string };
  if (checkoutUrl === undefined) return null;
  const reply = await fetch(`${origin}${new URL(checkoutUrl).pathname}`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", origin },
    body: "intent=continue",
    redirect: "manual",
    signal: AbortSignal.timeout(20_000),
  }).catch(() => null);
  const [, id = null] = /\/c\/pay\/(cs_test_\w+)/.exec(reply?.headers.get("location") ?? "") ?? [];
  return id;
}

export interface ProviderSide {
  stripe: FakeStripe;
  connectionId: string;
}

/** Pays an order's checkout, and tells the product until it says that it heard; sometimes twice, as providers do. */
export async function payAndNotify(
  order: Order,
  providers: readonly ProviderSide[],
  origins: readonly string[],
  isOver: () => boolean,
): Promise<void> {
  let id: string | null = null;
  while (id === null && !isOver()) {
    id = await offeredCheckout(order, pick(origins));
    if (id === null) await sleep(500);
  }
  const side = providers.find(({ stripe }) => stripe.sessions.some((session) => session.id === id));
  if (id === null || side === undefined) return;
  side.stripe.play("paid", id);
  order.isPaid = true;
  const { body } = side.stripe.event("checkout.session.completed", id);
  const times = Math.random() < 0.2 ? 2 : 1;
  for (let time = 0; time < times; time++) {
    await deliver(body, side, origins, isOver);
  }
}

async function deliver(
  body: Uint8Array,
  { stripe, connectionId }: ProviderSide,
  origins: readonly string[],
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    const seconds = Math.floor(Date.now() / 1000);
    const signature = createHmac("sha256", stripe.webhookSecret)
      .update(`${seconds}.${Buffer.from(body).toString()}`)
      .digest("hex");
    const status = await fetch(`${pick(origins)}/api/v1/providers/stripe/webhooks/${connectionId}`, {
      method: "POST",
      headers: { "content-type": "application/json", "stripe-signature": `t=${seconds},v1=${signature}` },
      body: Buffer.from(body),
      signal: AbortSignal.timeout(20_000),
    }).then(
      (reply) => reply.status,
      () => 0,
    );
    if (status >= 200 && status < 300) return;
    await sleep(500);
  }
}
