import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, request as httpRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { ServerBuild } from "@remix-run/node";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createHttpApp, type HttpServices } from "~/http/http-app.server";
import { requestContext } from "~/http/request-context";
import { type Env, parseEnv } from "~/lib/env";
import { AppError } from "~/lib/errors";
import { createLog } from "~/lib/logger.server";
import { noTelemetry } from "~/lib/telemetry";
import { temporaryDirectory } from "../../support/server-process";

interface Arguments {
  request: Request;
  params: Record<string, string>;
}

const echo = ({ request, params }: Arguments) =>
  Response.json({ ...requestContext(request), method: request.method, params });

/** A build as Remix makes it, with routes that show what reaches them. */
const modules: Record<string, { path: string; module: Record<string, unknown> }> = {
  echo: {
    path: "api/v1/echo",
    module: {
      loader: echo,
      action: async (args: Arguments) => Response.json({ body: await args.request.text() }),
    },
  },
  thing: { path: "api/v1/things/:thing", module: { loader: echo } },
  fixed: { path: "api/v1/things/fixed", module: { loader: () => Response.json({ fixed: true }) } },
  rest: { path: "api/v1/rest/*", module: { loader: echo } },
  throws: {
    path: "api/v1/throws/:what",
    module: {
      loader({ params }: Arguments) {
        if (params.what === "response") throw new Response("thrown", { status: 418 });
        if (params.what === "app") throw new AppError("CONFLICT", { details: "twice" });
        if (params.what === "away") throw Object.assign(new Error("secret cause"), { code: "57P01" });
        if (params.what === "busy") throw new Error("timeout exceeded when trying to connect");
        throw new Error("secret cause");
      },
    },
  },
  form: {
    path: "form",
    module: {
      loader: echo,
      action: async ({ request }: Arguments) =>
        Response.json({ word: (await request.formData()).get("word") }),
    },
  },
  cookies: {
    path: "cookies",
    module: {
      loader() {
        const headers = new Headers();
        headers.append("set-cookie", "a=1; Path=/; HttpOnly");
        headers.append("set-cookie", "__Host-b=2; Path=/; Secure");
        return new Response(null, { headers });
      },
    },
  },
  rest404: { path: "*", module: { loader: () => new Response("no such page", { status: 404 }) } },
  page: { path: "page", module: { default: () => null, loader: () => ({}), action: () => ({}) } },
};

const build = {
  mode: "production",
  entry: {
    module: { default: () => new Response("<p>page</p>", { headers: { "content-type": "text/html" } }) },
  },
  routes: Object.fromEntries(
    Object.entries(modules).map(([id, { path, module }]) => [id, { id, path, module }]),
  ),
  assets: { entry: { imports: [], module: "" }, routes: {}, url: "", version: "1" },
  publicPath: "/",
  assetsBuildDirectory: "",
  future: { v3_singleFetch: true },
  isSpaMode: false,
} as unknown as ServerBuild;

let logged = "";
let accepting = true;
let databaseUp = true;

function appendToLog(line: string): void {
  logged += line;
}

function servicesFor(env: Env): HttpServices {
  return {
    env,
    log: createLog("info", { write: appendToLog }),
    db: { ping: () => (databaseUp ? Promise.resolve() : Promise.reject(new Error("away"))) },
    jobs: { running: true },
    telemetry: noTelemetry,
  } as unknown as HttpServices;
}

async function serve(
  variables: Record<string, string>,
  clientDir: string | null = null,
): Promise<{ url: string; server: Server }> {
  const services = servicesFor(parseEnv({ PORT: "3000", ...variables }));
  const listener = createHttpApp({
    services,
    getBuild: async () => build,
    clientDir,
    isAccepting: () => accepting,
  });
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(() => server.close());
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

let url: string;
let secureUrl: string;
let proxiedUrl: string;

beforeAll(async () => {
  ({ url } = await serve({}));
  ({ url: secureUrl } = await serve({ APP_URL: "https://pay.example.com" }));
  ({ url: proxiedUrl } = await serve({ APP_URL: "https://pay.example.com", TRUST_PROXY: "true" }));
});

beforeEach(() => {
  logged = "";
  accepting = true;
  databaseUp = true;
});

/** fetch() refuses to set Host. */
function raw(target: string, headers: Record<string, string>, method = "GET"): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest(target, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .once("error", reject)
      .end();
  });
}

const post = (path: string, headers: Record<string, string>, origin = url) =>
  fetch(`${origin}${path}`, { method: "POST", headers, body: new URLSearchParams({ word: "hello" }) });

describe("the API lane", () => {
  it("calls loaders and actions with their parameters, fixed paths before parameters", async () => {
    const get = async (path: string) => (await fetch(url + path)).json();
    expect(await get("/api/v1/things/a%20b")).toMatchObject({ params: { thing: "a b" } });
    expect(await get("/api/v1/things/fixed")).toEqual({ fixed: true });
    expect(await get("/api/v1/rest/x/y")).toMatchObject({ params: { "*": "x/y" } });
    expect(await get("/api/v1/echo/")).toMatchObject({ method: "GET" });
    const reply = await fetch(`${url}/api/v1/echo`, { method: "PUT", body: "hello" });
    expect(await reply.json()).toEqual({ body: "hello" });
  });

  it("answers HEAD without a body", async () => {
    const reply = await fetch(`${url}/api/v1/echo`, { method: "HEAD" });
    expect(reply.status).toBe(200);
    expect(await reply.text()).toBe("");
  });

  it.each(["/api", "/api/", "/api/v1/nothing", "/api/v1/echo.data", "/api/v1/things/x.data", "/API/v1/echo"])(
    "answers %s with the documented 404, never with a page or a loader",
    async (path) => {
      const reply = await fetch(url + path);
      expect(reply.status).toBe(404);
      expect(await reply.json()).toMatchObject({
        statusCode: 404,
        error: "Not Found",
        code: "NOT_FOUND",
        requestId: reply.headers.get("x-request-id"),
      });
    },
  );

  it("answers 405 with Allow where a route has no such method", async () => {
    const reply = await fetch(`${url}/api/v1/things/x`, { method: "DELETE" });
    expect(reply.status).toBe(405);
    expect(reply.headers.get("allow")).toBe("GET, HEAD");
    expect(await reply.json()).toMatchObject({ code: "METHOD_NOT_ALLOWED" });
  });

  it.each(["away", "busy"])("answers 503, worth asking again, when the database is %s", async (what) => {
    const answer = await fetch(`${url}/api/v1/throws/${what}`);
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("2");
    expect(await answer.json()).toMatchObject({
      statusCode: 503,
      code: "UNAVAILABLE",
      requestId: answer.headers.get("x-request-id"),
    });
    expect(logged).toContain(what === "away" ? "secret cause" : "timeout exceeded");
  });

  it("passes thrown responses on, maps AppErrors, and hides every other cause", async () => {
    expect((await fetch(`${url}/api/v1/throws/response`)).status).toBe(418);
    expect(await (await fetch(`${url}/api/v1/throws/app`)).json()).toMatchObject({
      code: "CONFLICT",
      details: "twice",
    });
    const crash = await fetch(`${url}/api/v1/throws/error`, { headers: { "x-request-id": "crash-1" } });
    expect(crash.status).toBe(500);
    expect(await crash.text()).not.toContain("secret cause");
    expect(logged).toMatch(/"requestId":"crash-1".*secret cause/);
  });

  it.each([
    ["with its length", { "content-length": String(256 * 1024 + 1) }],
    ["in chunks", {}],
  ])("refuses more than 256 KiB %s", async (_, headers) => {
    const body = "a".repeat(256 * 1024 + 1);
    const chunked = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(body));
        controller.close();
      },
    });
    const reply = await fetch(`${url}/api/v1/echo`, {
      method: "POST",
      headers,
      body: "content-length" in headers ? body : chunked,
      duplex: "half",
    } as RequestInit);
    expect(reply.status).toBe(413);
    expect(await reply.json()).toMatchObject({ statusCode: 413, code: "BODY_TOO_LARGE" });
  });

  it("takes 256 KiB", async () => {
    const body = "a".repeat(256 * 1024);
    const reply = await fetch(`${url}/api/v1/echo`, { method: "POST", body });
    expect((await reply.json()).body).toHaveLength(body.length);
  });
});

describe("plain http where APP_URL is https", () => {
  it("is refused on the API with 403, never redirected", async () => {
    const reply = await fetch(`${secureUrl}/api/v1/echo`, {
      headers: { host: "pay.example.com", "x-forwarded-for": "1.2.3.4" },
    });
    expect(reply.status).toBe(403);
    expect(await reply.json()).toMatchObject({ code: "HTTPS_REQUIRED" });
    expect(await raw(`${secureUrl}/api/v1/echo`, { host: "pay.example.com" })).toBe(403);
  });

  it("believes X-Forwarded-Proto from a trusted proxy only", async () => {
    const headers = { host: "pay.example.com", "x-forwarded-proto": "https" };
    expect(await raw(`${secureUrl}/api/v1/echo`, headers)).toBe(403);
    expect(await raw(`${proxiedUrl}/api/v1/echo`, headers)).toBe(200);
    expect(await raw(`${proxiedUrl}/api/v1/echo`, { ...headers, "x-forwarded-proto": "http" })).toBe(403);
  });

  it("never shows a page, and sends readers to https where a trusted proxy says that it was http", async () => {
    const host = { host: "pay.example.com" };
    for (const path of ["/page", "/form"]) {
      expect(await raw(secureUrl + path, host), path).toBe(403);
      // Whoever is not a trusted proxy may say what they like.
      expect(await raw(secureUrl + path, { ...host, "x-forwarded-proto": "https" }), path).toBe(403);
      expect(await raw(proxiedUrl + path, host), path).toBe(403);
      expect(await raw(proxiedUrl + path, { ...host, "x-forwarded-proto": "https" }), path).toBe(200);
    }
    const http = { headers: { "x-forwarded-proto": "http" }, redirect: "manual" } as const;
    const reply = await fetch(`${proxiedUrl}//evil.test/form?a=1`, http);
    expect([reply.status, reply.headers.get("location")]).toEqual([
      308,
      "https://pay.example.com//evil.test/form?a=1",
    ]);
    expect((await fetch(`${proxiedUrl}/form`, { ...http, method: "POST" })).status).toBe(403);
    const key = await fetch(`${proxiedUrl}/api/v1/echo`, http);
    expect([key.status, key.headers.get("location")]).toEqual([403, null]);
  });

  it("does not concern health, which is asked inside the machine", async () => {
    for (const path of ["/healthz", "/readyz"]) expect((await fetch(secureUrl + path)).status).toBe(200);
  });

  it("is allowed from this process to itself: the simulator's notices", async () => {
    expect((await fetch(`${secureUrl}/api/v1/echo`)).status).toBe(200);
  });

  it("marks every cookie Secure, whatever set it", async () => {
    const https = { "x-forwarded-proto": "https" };
    const { headers } = await fetch(`${proxiedUrl}/cookies`, { headers: https });
    expect(headers.getSetCookie()).toEqual(["a=1; Path=/; HttpOnly; Secure", "__Host-b=2; Path=/; Secure"]);
    // On plain http, which is this machine only, a browser would not keep it.
    expect((await fetch(`${url}/cookies`)).headers.getSetCookie()[0]).toBe("a=1; Path=/; HttpOnly");
  });

  it("sends HSTS", async () => {
    expect((await fetch(`${secureUrl}/healthz`)).headers.get("strict-transport-security")).toContain(
      "max-age=31536000",
    );
    expect((await fetch(`${url}/healthz`)).headers.get("strict-transport-security")).toBeNull();
  });
});

describe("the same-origin check", () => {
  it.each<[string, Record<string, string>, number]>([
    ["our own origin", { origin: "http://localhost:3000" }, 200],
    ["no origin, a same-origin fetch", { "sec-fetch-site": "same-origin" }, 200],
    ["no origin, a person's own navigation", { "sec-fetch-site": "none" }, 200],
    ["another origin", { origin: "https://evil.test" }, 403],
    [
      "another origin with a forged forwarded host",
      { origin: "https://evil.test", "x-forwarded-host": "evil.test" },
      403,
    ],
    [
      "another origin that claims same-origin",
      { origin: "https://evil.test", "sec-fetch-site": "same-origin" },
      403,
    ],
    ["a null origin", { origin: "null" }, 403],
    ["another site without origin", { "sec-fetch-site": "cross-site" }, 403],
    ["a sibling site without origin", { "sec-fetch-site": "same-site" }, 403],
    ["neither header", {}, 403],
  ])("on a resource route, %s: %o → %d", async (_, headers, status) => {
    expect((await post("/form", headers)).status).toBe(status);
  });

  it("takes the host that was asked as an origin of ours", async () => {
    expect((await post("/form", { origin: url })).status).toBe(200);
  });

  it("gives a route the whole form", async () => {
    expect(await (await post("/form", { origin: url })).json()).toEqual({ word: "hello" });
  });

  it.each(["application/json", "text/plain", "multipart/form-data; boundary=x", ""])(
    "is 415, and no error of ours, for a body of type %o",
    async (type) => {
      for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
        const headers = { origin: url, "content-type": type };
        const answer = await fetch(`${url}/form`, { method, headers, body: "garbage" });
        expect(answer.status, method).toBe(415);
        expect(await answer.text()).toBe("Send the form as application/x-www-form-urlencoded\n");
      }
      expect(logged).not.toContain('"level":"error"');
    },
  );

  it("covers page actions too, and lets Remix's own check agree", async () => {
    expect((await post("/page", { origin: "https://evil.test" })).status).toBe(403);
    expect((await post("/page", { origin: "http://localhost:3000" })).status).toBe(200);
  });

  it("behind a trusted proxy takes its forwarded host", async () => {
    const headers = {
      origin: "https://other.example.com",
      "x-forwarded-host": "other.example.com",
      "x-forwarded-proto": "https",
    };
    expect((await post("/form", headers, proxiedUrl)).status).toBe(200);
    expect((await post("/form", headers, secureUrl)).status).toBe(403);
  });

  it("does not apply to the API, whose credentials are not a browser's", async () => {
    expect((await fetch(`${url}/api/v1/echo`, { method: "POST", body: "x" })).status).toBe(200);
  });
});

describe("every response", () => {
  it("has a request id: the caller's when it is sane", async () => {
    const idFor = async (given: string) =>
      (await fetch(`${url}/api/v1/echo`, { headers: { "x-request-id": given } })).headers.get("x-request-id");
    expect(await idFor("order-7.a_b")).toBe("order-7.a_b");
    expect(await idFor("not sane")).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idFor("x".repeat(129))).toMatch(/^[0-9a-f-]{36}$/);
    for (const path of ["/healthz", "/page", "/form", "/nothing"]) {
      expect((await fetch(url + path)).headers.get("x-request-id"), path).toBeTruthy();
    }
  });

  it("shows the route the same request id, in both lanes", async () => {
    for (const path of ["/api/v1/echo", "/form"]) {
      const reply = await fetch(url + path);
      expect((await reply.json()).requestId).toBe(reply.headers.get("x-request-id"));
    }
  });

  it("has the security headers", async () => {
    for (const path of ["/healthz", "/api/v1/echo", "/form", "/page"]) {
      const { headers } = await fetch(url + path);
      expect(headers.get("x-content-type-options"), path).toBe("nosniff");
      expect(headers.get("content-security-policy"), path).toContain("frame-ancestors 'none'");
      expect(headers.get("cache-control"), path).toBe("no-store");
    }
  });
});

describe("the client's address", () => {
  const ipAt = async (origin: string, path: string, headers: Record<string, string>) =>
    (await (await fetch(origin + path, { headers })).json()).ip;

  it("is the connection's, whatever the caller says", async () => {
    const forged = { "x-forwarded-for": "6.6.6.6", "x-kadosei-client": "proof 6.6.6.6" };
    expect(await ipAt(url, "/api/v1/echo", forged)).toBe("127.0.0.1");
    expect(await ipAt(url, "/form", forged)).toBe("127.0.0.1");
  });

  it("is the one that the trusted proxy added", async () => {
    const headers = { "x-forwarded-for": "6.6.6.6, 203.0.113.9", "x-forwarded-proto": "https" };
    expect(await ipAt(proxiedUrl, "/api/v1/echo", headers)).toBe("203.0.113.9");
  });

  it("is unknown where another server runs the build", () => {
    const request = new Request("http://x/", { headers: { "x-kadosei-client": "guess 6.6.6.6" } });
    expect(requestContext(request)).toMatchObject({
      ip: null,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(requestContext(request).requestId).toBe(requestContext(request).requestId);
  });
});

describe("health", () => {
  it("is ready while the database answers and the process accepts", async () => {
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    databaseUp = false;
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    databaseUp = true;
    accepting = false;
    const reply = await fetch(`${url}/readyz`);
    expect(reply.status).toBe(503);
    expect(reply.headers.get("connection")).toBe("close");
  });
});

describe("the access log", () => {
  it("has one line for a request, without tokens", async () => {
    await (await fetch(`${url}/form?token=hunter2&a=1`, { headers: { "x-request-id": "log-1" } })).text();
    const line = logged.split("\n").find((text) => text.includes("log-1")) ?? "{}";
    expect(JSON.parse(line)).toMatchObject({
      method: "GET",
      path: "/form?token=[masked]&a=1",
      status: 200,
      ip: "127.0.0.1",
    });
    expect(logged).not.toContain("hunter2");
  });
});

describe("static files", () => {
  it("are served with the right cache, and a missing asset is a plain 404", async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "assets"));
    writeFileSync(join(directory, "assets/app-1a2b.js"), "1");
    writeFileSync(join(directory, "favicon.svg"), "<svg/>");
    const { url: origin } = await serve({}, directory);
    const asset = await fetch(`${origin}/assets/app-1a2b.js`);
    expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(asset.headers.get("content-type")).toContain("javascript");
    expect((await fetch(`${origin}/favicon.svg`)).headers.get("cache-control")).toBe("public, max-age=3600");
    const missing = await fetch(`${origin}/assets/gone.js`);
    expect(missing.status).toBe(404);
    expect(missing.headers.get("cache-control")).toBe("no-store");
    expect((await fetch(`${origin}/..%2f..%2fpackage.json`)).status).toBe(404);
  });
});
