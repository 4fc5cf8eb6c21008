import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import { newId } from "~/lib/ids";
import { eventually, startTestApp, type TestApp } from "../../support/app";
import { createShop } from "../../support/factories";

interface CollectedSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
}

const spans: CollectedSpan[] = [];
let collector: Server;
let app: TestApp;

beforeAll(async () => {
  collector = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString());
    for (const { scopeSpans } of resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans);
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  const { port } = collector.address() as AddressInfo;
  app = await startTestApp({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` } });
});
afterAll(() => new Promise((resolve) => collector.close(resolve)));

it("follows a create from the request through the command to the provider and the webhook", async () => {
  const { services } = app;
  const { owner, application, fullKey } = await createShop(services);
  const hook = await app.call("POST", `/api/v1/applications/${application.id}/webhooks`, {
    token: owner.accessToken,
    body: { url: "http://localhost:9/", mode: "test", subscribedEvents: ["session.created"] },
  });
  expect(hook.status, hook.text).toBe(201);
  const created = await app.call("POST", "/api/v1/sessions", {
    token: fullKey,
    body: exampleSessionBody("http://localhost:3000"),
    headers: { "idempotency-key": newId() },
  });
  expect(created.status, created.text).toBe(201);
  await eventually(
    async () => (await services.db.prisma.webhookDelivery.count({ where: { attemptCount: { gt: 0 } } })) > 0,
    "the first try of the delivery",
  );
  await services.jobs.stop(5_000);
  await services.telemetry.stop();

  const named = (name: string, traceId?: string) =>
    spans.find((span) => span.name === name && (traceId === undefined || span.traceId === traceId));
  const command = named("createSession");
  const { traceId = "" } = command ?? {};
  const request = named("POST /api/v1/sessions", traceId);
  expect(request?.parentSpanId ?? "").toBe("");
  expect(command?.parentSpanId).toBe(request?.spanId);
  expect(named("create checkout", traceId)?.parentSpanId).toBe(command?.spanId);
  expect(named("deliver-webhook", traceId)).toBeDefined();
});
