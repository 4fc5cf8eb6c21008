import { exampleSessionBody } from "~/contracts/example-session";
import { newId } from "~/lib/ids";
import type { TestApp } from "./app";
import { createApiKey, createApplication, createShop, decisionOf } from "./factories";

/** What the paths and credentials of an example stand for. */
export interface ExampleWorld {
  apiKey: string;
  accessToken: string;
  /** By the path parameter's name. */
  ids: Record<string, string>;
}

/** A merchant with one of everything that a path may name. */
export async function exampleWorld(app: TestApp): Promise<ExampleWorld> {
  const { services } = app;
  const { owner } = await createShop(services);
  const { id: applicationId } = await createApplication(services, owner.actor);
  const { apiKey, fullKey } = await createApiKey(services, owner.actor, { applicationId });
  const token = owner.accessToken;
  const base = `/api/v1/applications/${applicationId}`;
  const connections = await app.call("GET", `${base}/providers`, { token });
  const webhook = await app.call("POST", `${base}/webhooks`, {
    token,
    body: { url: "http://localhost:9/", mode: "test" },
  });
  const delivery = await app.call("POST", `${base}/webhooks/${webhook.json.id}/test`, { token });
  const recovery = await app.call("POST", `${base}/webhooks/${webhook.json.id}/recover`, {
    token,
    body: { since: services.clock.now().toISOString() },
  });
  const session = await app.call("POST", "/api/v1/sessions", {
    token: fullKey,
    body: exampleSessionBody("http://localhost:3000"),
    headers: { "idempotency-key": newId() },
  });
  await app.call("GET", "/api/v1/payment-methods?currency=AUD", { token: fullKey });
  await services.apiLog.flush();
  const logged = await services.db.prisma.apiRequestLog.findFirst({
    where: { applicationId, route: "/api/v1/payment-methods" },
  });
  return {
    apiKey: fullKey,
    accessToken: token,
    ids: {
      applicationId,
      logId: logged?.id ?? "",
      keyId: apiKey.id,
      connectionId: connections.json.items[0].id,
      provider: connections.json.items[0].provider,
      webhookId: webhook.json.id,
      deliveryId: delivery.json.deliveryId,
      recoveryId: recovery.json.id,
      sessionId: session.json.sessionId,
      decisionId: await decisionOf(services, session.json.sessionId),
    },
  };
}

/** Where the shapes of an example and an answer differ, as paths. Null, and a list without items, fit anything. */
export function shapeDifferences(example: unknown, answer: unknown, at = ""): string[] {
  if (example === null || answer === null) return [];
  if (Array.isArray(example) || Array.isArray(answer)) {
    if (!Array.isArray(example) || !Array.isArray(answer)) return [`${at}: one is a list`];
    if (example.length === 0 || answer.length === 0) return [];
    return shapeDifferences(example[0], answer[0], `${at}.0`);
  }
  if (typeof example !== typeof answer) return [`${at}: ${typeof example} and ${typeof answer}`];
  if (typeof example !== "object" || typeof answer !== "object") return [];
  const of = (value: object) => new Map(Object.entries(value));
  const a = of(example);
  const b = of(answer);
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((name) =>
    a.has(name) && b.has(name)
      ? shapeDifferences(a.get(name), b.get(name), `${at}.${name}`)
      : [`${at}.${name}: only in ${a.has(name) ? "the example" : "the answer"}`],
  );
}
