import { createHmac } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { type DrillStep, drillStepSchema } from "~/contracts/webhook-drill";
import { drillKinds } from "~/contracts/words";
import { sweep } from "~/domain/maintenance/sweep.server";
import { createWebhookEndpoint } from "~/domain/webhooks/create-webhook-endpoint.server";
import { runDrill } from "~/domain/webhooks/run-drill.server";
import { signingKeyBytes } from "~/domain/webhooks/sign-webhook.server";
import { startDrill } from "~/domain/webhooks/start-drill.server";
import { type Answer, type Received, startReceiver } from "../../support/receivers";
import { addEndpoint, freshShop, type Shop } from "./support";

let shop: Shop;
beforeEach(async () => {
  shop = await freshShop();
  // The receivers here look at the age of a signature.
  shop.services.clock.set(new Date());
});

/** Drills a server that answers like this; its steps by kind. */
async function drill(answer: (request: Received, isSigned: boolean, isFresh: boolean) => Answer) {
  let key: Uint8Array = Buffer.alloc(0);
  const receiver = await startReceiver((request) => {
    const { "webhook-id": id, "webhook-timestamp": at } = request.headers;
    const expected = createHmac("sha256", key).update(`${id}.${at}.${request.body}`).digest("base64");
    const isFresh = Math.abs(Date.now() / 1000 - Number(at)) < 300;
    return answer(request, request.headers["webhook-signature"] === `v1,${expected}`, isFresh);
  });
  const { endpoint, signingSecret } = await createWebhookEndpoint(
    shop.owner.actor,
    { applicationId: shop.applicationId, url: receiver.url, mode: "test" },
    shop.services,
  );
  key = signingKeyBytes(signingSecret);
  const target = { applicationId: shop.applicationId, webhookId: endpoint.id };
  const { drillId } = await startDrill(shop.owner.actor, target, shop.services);
  await runDrill(drillId, shop.services);
  const row = await shop.services.db.prisma.webhookDrill.findUniqueOrThrow({ where: { id: drillId } });
  expect(row.status).toBe("DONE");
  const steps = drillStepSchema.array().parse(row.steps);
  return {
    steps,
    got: receiver.got,
    of: (kind: DrillStep["kind"]) => steps.find((step) => step.kind === kind),
  };
}

describe("a drill", () => {
  it("finds nothing wrong with a server that does everything right", async () => {
    const orders = new Map<string, string>();
    const { steps, got } = await drill(({ id, body }, isSigned, isFresh) => {
      if (body.length > 500_000) return 413;
      if (!isSigned || !isFresh) return 401;
      if (!orders.has(id)) orders.set(id, `order-${orders.size}`);
      return { body: JSON.stringify({ fulfilled: true, orderId: orders.get(id) }) };
    });
    expect(steps.map(({ kind }) => kind)).toEqual([...drillKinds]);
    expect(steps.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
    expect(got).toHaveLength(10);
    const [first] = got;
    expect(first?.json.data.session.orderReference).toMatch(/^DRILL-/);
    expect(first?.json.data.session.mode).toBe("test");
  });

  it("finds a server that checks nothing and fulfils twice", async () => {
    let order = 0;
    const { of } = await drill(() => ({ body: JSON.stringify({ fulfilled: true, orderId: order++ }) }));
    expect(of("valid")?.verdict).toBe("pass");
    expect(of("duplicate")).toMatchObject({ verdict: "fail", fix: expect.stringContaining("webhook-id") });
    expect(of("bad_signature")).toMatchObject({
      verdict: "fail",
      fix: expect.stringContaining("webhook-signature"),
    });
    expect(of("tampered")?.verdict).toBe("fail");
    expect(of("replayed")?.verdict).toBe("warn");
  });

  it("says what it cannot see, and finds errors where repetitions and old events should be taken", async () => {
    const seen = new Set<string>();
    const { of } = await drill(({ id, json }, isSigned, isFresh) => {
      if (!isSigned || !isFresh) return 500;
      if (Date.parse(json.createdAt) < Date.now() - 60_000) return 400;
      if (json.sequence === 1) return 409;
      if (seen.has(id)) return 200;
      seen.add(id);
      return 200;
    });
    expect(of("duplicate")?.verdict).toBe("unknown");
    expect(of("reordered")?.verdict).toBe("fail");
    expect(of("late")?.verdict).toBe("fail");
    expect(of("bad_signature")).toMatchObject({ verdict: "warn", finding: expect.stringContaining("500") });
  });

  it("proves nothing by a server that refuses everything, and spares one that gives no answer", async () => {
    const refusing = await drill(() => 401);
    expect(refusing.of("valid")).toMatchObject({ verdict: "fail", fix: expect.stringContaining("secret") });
    expect(refusing.of("bad_signature")?.verdict).toBe("unknown");
    const silent = await drill(() => "cut");
    expect(silent.steps).toMatchObject([{ kind: "valid", verdict: "fail" }]);
    expect(silent.got).toHaveLength(1);
  });

  it("runs in test mode only, one at a time, for who may change endpoints; one that lost its process is closed", async () => {
    const { services, owner, applicationId } = shop;
    const live = await createWebhookEndpoint(
      owner.actor,
      { applicationId, url: "https://shop.example/hooks", mode: "live" },
      services,
    );
    const start = (webhookId: string, actor = owner.actor) =>
      startDrill(actor, { applicationId, webhookId }, services);
    await expect(start(live.endpoint.id)).rejects.toMatchObject({ code: "CONFLICT" });
    const endpoint = await addEndpoint(shop, "http://localhost:1/");
    await expect(start(endpoint.id, { ...owner.actor, role: "support" })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    await start(endpoint.id);
    await expect(start(endpoint.id)).rejects.toMatchObject({ code: "CONFLICT" });
    services.clock.advance(11 * 60_000);
    await sweep(services);
    await start(endpoint.id);
  });
});
