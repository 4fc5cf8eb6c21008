import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { RouteConfigEntry } from "@remix-run/route-config";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { errorBodySchema } from "~/contracts/error-body";
import { exampleSessionBody } from "~/contracts/example-session";
import { eventExamples, examples } from "~/contracts/examples";
import type { OpenApiDocument, OpenApiOperation } from "~/contracts/openapi";
import { sessionEventSchema, testEventSchema } from "~/contracts/webhooks";
import { methodsOf } from "~/http/api.server";
import { apiRoutesOf } from "~/http/api-routes.server";
import { openApiDocument } from "~/http/openapi.server";
import { type ErrorCode, errorTable } from "~/lib/errors";
import { newId } from "~/lib/ids";
import config from "~/routes";
import { CLIENT_TYPES, clientTypes } from "../../../scripts/lib/client-types";
import { routes } from "../../support/api-build";
import { startTestApp, type TestApp } from "../../support/app";
import { type ExampleWorld, exampleWorld, shapeDifferences } from "../../support/examples";
import { createInvitation, createMerchant, createUser } from "../../support/factories";

const build = { routes } as unknown as Parameters<typeof apiRoutesOf>[0];
const made = openApiDocument(apiRoutesOf(build), "http://localhost:3000");
const operations = Object.entries(made.paths).flatMap(([path, of]) =>
  Object.entries(of).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
);

let app: TestApp;
let document: OpenApiDocument;
beforeAll(async () => {
  app = await startTestApp();
  const answer = await app.call("GET", "/api/v1/openapi.json");
  expect(answer.status).toBe(200);
  document = answer.json;
});

describe("the OpenAPI document", () => {
  it("has every API route of app/routes.ts with each of its methods, and is the same for everybody", async () => {
    const expected = ((await config) as RouteConfigEntry[]).flatMap(({ path, file }) => {
      if (!path?.startsWith("api/")) return [];
      const methods = methodsOf(routes[file]?.module.loader);
      expect(methods, `${file} is made by apiRoute`).toBeDefined();
      return Object.keys(methods ?? {}).map((method) => `${method} /${path.replaceAll(/:(\w+)/g, "{$1}")}`);
    });
    const found = Object.entries(document.paths).flatMap(([path, of]) =>
      Object.keys(of).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(found.sort()).toEqual(expected.sort());
    expect(document).toEqual(made);
    const answer = await app.call("GET", "/api/v1/openapi.json");
    expect(answer.headers.get("cache-control")).toBe("public, max-age=300");
  });

  it("names its own address, both credentials and every event", () => {
    expect(document.openapi).toBe("3.1.0");
    expect(document.servers[0]?.url).toBe(app.services.config.appUrl);
    expect(Object.keys(document.components.securitySchemes)).toEqual(["apiKey", "accessToken"]);
    expect(Object.keys(document.webhooks)).toEqual([
      "session.created",
      "session.completed",
      "session.failed",
      "session.expired",
      "webhook.test",
    ]);
  });

  it("refers to nothing that is not in it", () => {
    const known = new Set(
      Object.entries(document.components).flatMap(([kind, of]) =>
        Object.keys(of).map((name) => `#/components/${kind}/${name}`),
      ),
    );
    const used = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref);
    expect(used.length).toBeGreaterThan(50);
    expect([...new Set(used)].filter((ref) => !known.has(ref ?? ""))).toEqual([]);
  });

  it("is what the committed client types are of", async () => {
    const types = await clientTypes(openApiDocument(apiRoutesOf(build), "https://kadosei.example"));
    const current = await readFile(CLIENT_TYPES, "utf8");
    // Not toBe: a difference of thousands of lines says nothing.
    expect(current === types, "run npm run openapi:types, and commit what it writes").toBe(true);
  });
});

// ---- Every example is called ---------------------------------------------------------------------

/** What an example cannot hold: secrets of the moment. */
async function realValues(operationId: string, body: unknown): Promise<unknown> {
  if (operationId !== "login" && operationId !== "refreshTokens") return body;
  const { email } = examples.login.request;
  const known = await app.services.db.prisma.user.findFirst({ where: { email } });
  if (!known) {
    const merchant = await createMerchant(app.services);
    await createUser(app.services, { merchantId: merchant.id, email });
  }
  if (operationId === "login") return body;
  const answer = await app.call("POST", "/api/v1/auth/login", { body: examples.login.request });
  return { refreshToken: answer.json.refreshToken };
}

/** The token of the invitation that the example of signing up accepts. */
async function invite(): Promise<string> {
  const { email } = examples.signUpMerchant.request.admin;
  return (await createInvitation(app.services, { merchantId: null, email })).token;
}

/** The credential and the ids that an operation's example stands for. */
function placed(path: string, operation: OpenApiOperation, world: ExampleWorld) {
  const [security] = operation.security;
  return {
    path: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => world.ids[name] ?? "missing"),
    token: security === undefined ? undefined : "apiKey" in security ? world.apiKey : world.accessToken,
  };
}

describe("every example", () => {
  it.each(
    operations.map(({ method, path, operation }) => [`${method} ${path}`, method, path, operation] as const),
  )("%s", async (_name, method, path, operation) => {
    const world = await exampleWorld(app);
    const media = operation.requestBody?.content["application/json"];
    const body = await realValues(operation.operationId, media?.examples?.example?.value);
    if (operation.requestBody) expect(body, "a body has an example").toBeDefined();
    const { token, ...to } = placed(path, operation, world);
    const query = operation.operationId === "signUpMerchant" ? `?token=${await invite()}` : "";
    const answer = await app.call(method, `${to.path}${query}`, {
      token,
      body,
      headers: { "idempotency-key": newId() },
    });
    if (operation.operationId === "receiveProviderWebhook") {
      // Only the provider can sign it: what an unsigned one gets is an example too.
      expect(answer.json.code).toBe("INVALID_SIGNATURE");
      return;
    }
    const [status, response] = Object.entries(operation.responses)[0] ?? [];
    expect(answer.status, answer.text).toBe(Number(status));
    const shown = response?.content?.["application/json"]?.examples?.example?.value;
    if (shown !== undefined) expect(shapeDifferences(shown, answer.json)).toEqual([]);
    // What a parameter's default says is what it is without it.
    for (const parameter of operation.parameters ?? []) {
      if (parameter.name === "page" || parameter.name === "limit") {
        expect(answer.json[parameter.name]).toBe(parameter.schema.default);
      }
    }
  });

  it("of an answer fits the schema of its endpoint", () => {
    for (const { methods, path } of apiRoutesOf(build)) {
      for (const { response, example } of Object.values(methods)) {
        if (response === null || example.response === undefined) continue;
        expect(response.safeParse(example.response).error?.message, path).toBeUndefined();
      }
    }
  });

  it("of an event fits its schema, and what is delivered has its shape", async () => {
    for (const [type, example] of Object.entries(eventExamples)) {
      const schema = type === "webhook.test" ? testEventSchema : sessionEventSchema;
      expect(schema.safeParse(example).error?.message, type).toBeUndefined();
    }
    const received: Record<string, unknown> = {};
    const receiver = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const event = JSON.parse(Buffer.concat(chunks).toString());
      received[event.type] = event;
      for (const name of ["webhook-id", "webhook-timestamp", "webhook-signature"]) {
        expect(request.headers[name], name).toBeTruthy();
      }
      response.end("ok");
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void receiver.close());
    const world = await exampleWorld(app);
    const { applicationId } = world.ids;
    const token = world.accessToken;
    const endpoint = await app.call("POST", `/api/v1/applications/${applicationId}/webhooks`, {
      token,
      body: {
        url: `http://localhost:${(receiver.address() as AddressInfo).port}/`,
        mode: "test",
        subscribedEvents: ["session.created", "session.expired"],
      },
    });
    await app.call("POST", `/api/v1/applications/${applicationId}/webhooks/${endpoint.json.id}/test`, {
      token,
    });
    const session = await app.call("POST", "/api/v1/sessions", {
      token: world.apiKey,
      body: exampleSessionBody("http://localhost:3000"),
      headers: { "idempotency-key": newId() },
    });
    await app.call("POST", `/api/v1/sessions/${session.json.sessionId}/expire`, { token: world.apiKey });
    await expect
      .poll(() => Object.keys(received).sort())
      .toEqual(["session.created", "session.expired", "webhook.test"]);
    for (const [type, event] of Object.entries(received)) {
      const schema = type === "webhook.test" ? testEventSchema : sessionEventSchema;
      expect(schema.safeParse(event).error?.message, type).toBeUndefined();
      expect(shapeDifferences(eventExamples[type as keyof typeof eventExamples], event)).toEqual([]);
    }
  });
});

// ---- Every error that an example shows -----------------------------------------------------------

/** Codes that take a fault to bring about: the tests that bring it about hold them against the same table. */
const elsewhere: ErrorCode[] = [
  "HTTPS_REQUIRED", // tests/integration/server/http-app.test.ts
  "INTERNAL",
  "UNAVAILABLE", // tests/integration/server/http-app.test.ts, start-up.test.ts
  "IDEMPOTENCY_KEY_IN_USE", // tests/integration/api/payment.test.ts
  "ALL_PROVIDERS_FAILED", // tests/integration/api/payment.test.ts
  "SECOND_FACTOR_REQUIRED", // tests/integration/users/two-factor.test.ts
  "TOO_MANY_REQUESTS", // tests/unit/users/login-throttle.test.ts
];

describe("every error's example", () => {
  it("is what a call that earns it is answered", async () => {
    const world = await exampleWorld(app);
    const { applicationId, connectionId, provider, sessionId } = world.ids;
    const create = (body: unknown, headers: Record<string, string> = { "idempotency-key": newId() }) =>
      app.call("POST", "/api/v1/sessions", {
        token: world.apiKey,
        headers,
        ...(typeof body === "string" ? { rawBody: body } : { body }),
      });
    const body = exampleSessionBody("http://localhost:3000");
    const same = { "idempotency-key": newId() };
    await create(body, same);
    const name = { body: { name: "Taken" }, token: world.accessToken };
    await app.call("POST", "/api/v1/applications", name);
    const { merchantId } = (await app.services.db.prisma.application.findFirstOrThrow({
      where: { id: applicationId },
    })) as { merchantId: string };
    const viewer = await createUser(app.services, { merchantId, role: "viewer" });
    const answers = [
      await create({ ...body, orderReference: "" }),
      await create("{"),
      await create(body, {}),
      await create(body, { ...same, "content-type": "text/plain" }),
      await create(`"${"x".repeat(262_200)}"`),
      await create({ ...body, orderReference: "Another" }, same),
      await create({
        ...body,
        currency: "XAF",
        amount: { total: 10 },
        orderItems: [{ name: "x", quantity: 1, unitPrice: 10 }],
      }),
      await app.call("GET", "/api/v1/sessions"),
      await app.call("GET", `/api/v1/sessions/${newId()}`, { token: world.apiKey }),
      await app.call("POST", "/api/v1/auth/login", { body: { email: "nobody@shop.example", password: "x" } }),
      await app.call("POST", "/api/v1/merchants/signup?token=unknown", {
        body: examples.signUpMerchant.request,
      }),
      await app.call("POST", "/api/v1/applications", { token: viewer.accessToken, body: { name: "Mine" } }),
      await app.call("POST", "/api/v1/applications", name),
      await app.call("POST", `/api/v1/providers/${provider}/webhooks/${connectionId}`, { body: {} }),
    ];
    expect(sessionId).toBeTruthy();
    const got = new Map(answers.map(({ json }) => [json.code as ErrorCode, json]));
    const shown = new Map(
      operations.flatMap(({ operation }) =>
        Object.values(operation.responses).flatMap((response) =>
          Object.entries(response.content?.["application/json"]?.examples ?? {}).flatMap(
            ([code, { value }]) =>
              code === "example" ? [] : [[code as ErrorCode, value as Record<string, unknown>] as const],
          ),
        ),
      ),
    );
    expect([...shown.keys()].sort()).toEqual([...got.keys(), ...elsewhere].sort());
    for (const [code, answer] of got) {
      const example = shown.get(code);
      expect(errorBodySchema.safeParse(example).success).toBe(true);
      expect(answer).toMatchObject({
        statusCode: example?.statusCode,
        error: example?.error,
        code,
      });
      expect(errorTable[code].status).toBe(answer.statusCode);
      if (example?.details !== undefined)
        expect(shapeDifferences(example.details, answer.details)).toEqual([]);
    }
  });
});
