import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { errorBodySchema } from "~/contracts/error-body";
import { sessionEventSchema } from "~/contracts/webhooks";
import { readGuides } from "~/features/docs/guides.server";
import { exampleCall } from "~/features/docs/operation-view";
import { type SampleCall, type SampleLanguage, sampleLanguages, samplesOf } from "~/features/docs/samples";
import { apiRoutesOf } from "~/http/api-routes.server";
import { openApiDocument } from "~/http/openapi.server";
import { newId } from "~/lib/ids";
import { routes } from "../../support/api-build";
import { startTestApp, type TestApp } from "../../support/app";
import { type ExampleWorld, exampleWorld, shapeDifferences } from "../../support/examples";
import { createShop } from "../../support/factories";
import { hasOpenssl, missingFor, runSample, startTls } from "../../support/run-sample";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});

const missing = Object.fromEntries(sampleLanguages.map((language) => [language, missingFor(language)]));

// ---- The samples that merchants have already ------------------------------------------------------

/** The five programs of the reference text, cut where each begins. */
const reference = readFileSync(new URL("../../fixtures/reference-samples.txt", import.meta.url), "utf8");
const beginnings: Record<SampleLanguage, string> = {
  curl: "curl -X POST",
  Python: "import requests",
  JavaScript: "const response = await fetch",
  Go: "package main",
  Ruby: "require 'net/http'",
};
const ends = [...Object.values(beginnings), '{\n"sessionId"'].map((text) => reference.indexOf(text));
const referenceSample = (language: SampleLanguage) => {
  const start = reference.indexOf(beginnings[language]);
  return reference.slice(start, Math.min(...ends.filter((end) => end > start)));
};

describe("the reference text's samples, with host and key replaced and nothing else", () => {
  for (const language of sampleLanguages) {
    const reason = missing[language] ?? (hasOpenssl() ? null : "this machine has no openssl");
    it.skipIf(reason !== null)(
      `${language} creates a session${reason === null ? "" : ` (not run: ${reason})`}`,
      async () => {
        const { fullKey, application } = await createShop(app.services);
        const { host, trust } = await startTls(app.url);
        const code = referenceSample(language)
          .replaceAll("api.example.com", host)
          .replaceAll("YOUR_API_TOKEN (JWT)", fullKey)
          // Go refuses an import that is not used, and the text's program has one: as it is, it compiles nowhere.
          .replace('"net/http"\n"bytes"\n"encoding/json"', '"net/http"\n"bytes"');
        const printed = await runSample(language, code, trust);
        expect(printed).toMatch(language === "Go" ? /201 Created/ : /sessionId/);
        const sessions = await app.services.db.prisma.paymentSession.findMany({
          where: { applicationId: application.id },
        });
        expect(sessions.map(({ orderReference, amountTotal }) => [orderReference, amountTotal])).toEqual([
          ["ORD-2024-001", 14076n],
        ]);
      },
      60_000,
    );
  }
});

// ---- The samples that the reference page shows ----------------------------------------------------

/** An example's call with the credentials and ids of a world. */
function real(call: SampleCall, world: ExampleWorld, origin: string): SampleCall {
  const put = (text: string) =>
    text.replace("YOUR_API_KEY", world.apiKey).replace("YOUR_ACCESS_TOKEN", world.accessToken);
  const { pathname, search } = new URL(call.url);
  const path = decodeURI(pathname).replaceAll(
    /\{(\w+)\}/g,
    (_, name: string) => world.ids[name] ?? "missing",
  );
  return {
    ...call,
    url: `${origin}${path}${search}`,
    headers: call.headers.map(([name, value]) => [name, put(value)]),
  };
}

describe("the generated samples", () => {
  const build = { routes } as unknown as Parameters<typeof apiRoutesOf>[0];
  const document = openApiDocument(apiRoutesOf(build), "http://localhost:3000");
  const calls = Object.entries(document.paths).flatMap(([path, of]) =>
    Object.entries(of).map(([method, operation]) => ({
      operation,
      call: {
        ...exampleCall(operation, method.toUpperCase(), path, "http://localhost:3000"),
        url: `http://localhost:3000${path}`,
      },
    })),
  );
  /** A create with a body, a read, a change and a removal: each form that the generator knows. */
  const each = ["createSession", "getSession", "createApplication", "updateApplication", "revokeApiKey"];

  for (const language of sampleLanguages) {
    const reason = missing[language];
    it.skipIf(reason !== null)(
      `${language} does what it shows${reason === null ? "" : ` (not run: ${reason})`}`,
      async () => {
        const world = await exampleWorld(app);
        for (const name of each) {
          const { operation, call } = calls.find(({ operation: { operationId } }) => operationId === name)!;
          const { [language]: code } = samplesOf(real(call, world, app.url));
          const printed = await runSample(language, code);
          const [status] = Object.keys(operation.responses);
          // curl prints the body only.
          if (language !== "curl") expect(printed, name).toContain(status);
          if (status !== "204") expect(printed, name).toMatch(/"(id|sessionId)":/);
        }
        const key = await app.services.db.prisma.apiKey.findFirst({ where: { id: world.ids.keyId } });
        expect(key?.revokedAt).not.toBeNull();
      },
      120_000,
    );
  }

  it("keep what would end a string in any of the languages", async () => {
    const { fullKey } = await createShop(app.services);
    const reference = 'O\'Neill \\ "two" `three` $HOME %d #{1} \u2028 end';
    const [, body] = Object.entries(
      calls.find((it) => it.operation.operationId === "createSession")!.call,
    ).find(([name]) => name === "body") as [string, Record<string, unknown>];
    for (const language of sampleLanguages.filter((one) => missing[one] === null)) {
      const { [language]: code } = samplesOf({
        method: "POST",
        url: `${app.url}/api/v1/sessions`,
        headers: [
          ["Authorization", `Bearer ${fullKey}`],
          ["Content-Type", "application/json"],
          ["Idempotency-Key", newId()],
        ],
        body: { ...body, orderReference: reference, additionalInformation: { isNew: true, visits: 3 } },
      });
      const printed = await runSample(language, code);
      const [, id] = /"sessionId":"([^"]+)"/.exec(printed) ?? [];
      const session = await app.call("GET", `/api/v1/sessions/${id}`, { token: fullKey });
      expect(session.json.orderReference, language).toBe(reference);
    }
  }, 60_000);
});

// ---- The guides -----------------------------------------------------------------------------------

describe("the guides", () => {
  const guides = readGuides("http://localhost:3000");

  it("are all there", () => {
    expect(guides.map(({ slug }) => slug)).toEqual([
      "create-a-payment",
      "webhooks",
      "errors",
      "idempotency",
      "testing",
      "go-live",
    ]);
  });

  it.each(guides.map((guide) => [guide.slug, guide] as const))(
    "%s: every call is answered as it shows",
    async (_slug, { calls, noted }) => {
      const world = await exampleWorld(app);
      const answers: unknown[] = [];
      for (const { call, status } of calls) {
        const { method, url, headers, body } = real(call, world, app.url);
        const answer = await app.call(method, url.slice(app.url.length), {
          body,
          headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
        });
        if (status === null) expect(answer.status, answer.text).toBeLessThan(300);
        else expect(answer.status, answer.text).toBe(status);
        answers.push(answer.json);
        // What one step makes, the next one is about.
        if (answer.json?.sessionId) world.ids.sessionId = answer.json.sessionId;
      }
      for (const { language, note, code, afterCall } of noted) {
        if (language !== "json") continue;
        const shown: unknown = JSON.parse(code);
        if (note === "event") expect(sessionEventSchema.safeParse(shown).error?.message).toBeUndefined();
        else if (note === "error") expect(errorBodySchema.safeParse(shown).error?.message).toBeUndefined();
        else {
          const answer = answers[afterCall] as Record<string, unknown>;
          expect(shapeDifferences(shown, answer)).toEqual([]);
          const { statusCode, code: errorCode, message, details } = shown as Record<string, unknown>;
          if (statusCode !== undefined)
            expect(answer).toMatchObject({ statusCode, code: errorCode, message });
          if (details !== undefined) expect(answer.details).toEqual(details);
        }
      }
    },
  );

  const verifiers = guides.flatMap(({ noted }) => noted.filter(({ note }) => note === "verify"));
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw5Jm0MfKQ9r8=";
  const event = '{"id":"1","type":"session.completed","data":{"é":"ü"}}';

  /** A program that calls the guide's `verify` with what is in the environment. */
  const callers: Record<string, { language: SampleLanguage; program: (code: string) => string }> = {
    javascript: {
      language: "JavaScript",
      program: (code) =>
        `${code}\nconst e = process.env;\nconsole.log(verify(e.SECRET, { "webhook-id": e.ID, "webhook-timestamp": e.AT, "webhook-signature": e.SIGNATURE }, e.BODY).type);`,
    },
    python: {
      language: "Python",
      program: (code) =>
        `${code}\nimport os\ne = os.environ\nprint(verify(e["SECRET"], {"webhook-id": e["ID"], "webhook-timestamp": e["AT"], "webhook-signature": e["SIGNATURE"]}, e["BODY"].encode())["type"])`,
    },
    ruby: {
      language: "Ruby",
      program: (code) =>
        `${code}\nputs verify(ENV['SECRET'], { 'webhook-id' => ENV['ID'], 'webhook-timestamp' => ENV['AT'], 'webhook-signature' => ENV['SIGNATURE'] }, ENV['BODY'])['type']`,
    },
    go: {
      language: "Go",
      program: (code) =>
        `${code
          .replace("package webhooks", "package main")
          .replace('"net/http"\n', '"fmt"\n\t"net/http"\n\t"os"\n')}
func main() {
	header := http.Header{}
	header.Set("webhook-id", os.Getenv("ID"))
	header.Set("webhook-timestamp", os.Getenv("AT"))
	header.Set("webhook-signature", os.Getenv("SIGNATURE"))
	if err := Verify(os.Getenv("SECRET"), header, []byte(os.Getenv("BODY"))); err != nil {
		panic(err)
	}
	fmt.Println("session.completed")
}`,
    },
  };

  it("show how to verify in four languages", () => {
    expect(verifiers.map(({ language }) => language).sort()).toEqual(Object.keys(callers).sort());
  });

  for (const { language, code } of verifiers) {
    const caller = callers[language]!;
    const reason = missing[caller.language];
    it.skipIf(reason !== null)(
      `verify in ${caller.language}${reason === null ? "" : ` (not run: ${reason})`}`,
      async () => {
        const at = Math.floor(Date.now() / 1000);
        const sign = (id: string, when: number, body: string) =>
          `v1,${createHmac("sha256", Buffer.from(secret.slice(6), "base64"))
            .update(`${id}.${when}.${body}`)
            .digest("base64")}`;
        const run = (values: Record<string, string>) =>
          runSample(caller.language, caller.program(code), {
            SECRET: secret,
            ID: "msg_1",
            AT: String(at),
            SIGNATURE: sign("msg_1", at, event),
            BODY: event,
            LANG: "C.UTF-8",
            ...values,
          });
        expect(await run({})).toContain("session.completed");
        expect(await run({ SIGNATURE: `v1,AAAA ${sign("msg_1", at, event)}` })).toContain(
          "session.completed",
        );
        await expect(run({ BODY: `${event} ` })).rejects.toThrow("wrong signature");
        await expect(run({ SIGNATURE: "v1,AAAA" })).rejects.toThrow("wrong signature");
        const old = at - 400;
        await expect(run({ AT: String(old), SIGNATURE: sign("msg_1", old, event) })).rejects.toThrow(
          "too old",
        );
      },
      120_000,
    );
  }
});
