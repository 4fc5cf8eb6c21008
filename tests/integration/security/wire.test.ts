import { connect } from "node:net";
import { beforeAll, describe, expect, it } from "vitest";
import { startTestApp, type TestApp } from "../../support/app";
import { createShop } from "../../support/factories";

let app: TestApp;
let key: string;

beforeAll(async () => {
  app = await startTestApp();
  key = (await createShop(app.services)).fullKey;
});

/** Sends bytes as they are and resolves with all that comes back until the server closes the connection. */
function exchange(text: string): Promise<string> {
  const { hostname, port } = new URL(app.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let answer = "";
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => (answer += chunk));
    // A server that refuses may close before everything was written.
    socket.on("error", (error: NodeJS.ErrnoException) =>
      ["ECONNRESET", "EPIPE"].includes(error.code ?? "") ? resolve(answer) : reject(error),
    );
    socket.on("close", () => resolve(answer));
    socket.write(text, "latin1");
  });
}

const statuses = (answer: string) => [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status);

const lines = (...all: string[]) => all.map((line) => `${line}\r\n`).join("");
const host = "Host: localhost:3000";
/** What an attacker would hide in another one's request: answered, it would be the second answer. */
const hidden = lines("GET /healthz HTTP/1.1", host, "Connection: close", "");
const create = (...headers: string[]) => lines("POST /api/v1/sessions HTTP/1.1", host, ...headers, "");

describe("request smuggling", () => {
  const shapes: Record<string, string> = {
    "both lengths": `${create("Content-Length: 6", "Transfer-Encoding: chunked")}0\r\n\r\n${hidden}`,
    "both lengths, the other way round": `${create("Transfer-Encoding: chunked", "Content-Length: 6")}0\r\n\r\n${hidden}`,
    "two lengths that differ": create("Content-Length: 0", `Content-Length: ${hidden.length}`) + hidden,
    "two lengths in one line": create(`Content-Length: 0, ${hidden.length}`) + hidden,
    "a length with a sign": create("Content-Length: +0") + hidden,
    "a negative length": create("Content-Length: -1") + hidden,
    "a hexadecimal length": create("Content-Length: 0x0") + hidden,
    "a length that overflows": create("Content-Length: 18446744073709551616") + hidden,
    "a space before the colon": `${create("Transfer-Encoding : chunked", "Content-Length: 5")}0\r\n\r\n${hidden}`,
    "a coding before chunked that nobody knows": `${create("Transfer-Encoding: chunked, identity")}0\r\n\r\n${hidden}`,
    "a coding that only looks like chunked": `${create("Transfer-Encoding: xchunked")}0\r\n\r\n${hidden}`,
    "a control character in the coding": `${create("Transfer-Encoding: \u000bchunked")}0\r\n\r\n${hidden}`,
    "chunked twice": `${create("Transfer-Encoding: chunked", "Transfer-Encoding: identity")}0\r\n\r\n${hidden}`,
    "a folded header": create("X-A: b", " Transfer-Encoding: chunked", "Content-Length: x") + hidden,
    "a chunk size with a sign": `${create("Transfer-Encoding: chunked")}+0\r\n\r\n${hidden}`,
    "a chunk size that overflows": `${create("Transfer-Encoding: chunked")}10000000000000000\r\n\r\n${hidden}`,
    "a chunk that is longer than it says": `${create("Transfer-Encoding: chunked")}1\r\nab\r\n0\r\n\r\n${hidden}`,
    "a header without a name": create(": chunked") + hidden,
    "a NUL in a header": create("X-A: a\u0000b") + hidden,
    "a bare carriage return in a header": `${create("X-A: a\rTransfer-Encoding: chunked")}0\r\n\r\n${hidden}`,
    "a line feed alone after a header": `POST /api/v1/sessions HTTP/1.1\r\n${host}\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
    "no host": lines("GET /healthz HTTP/1.1", "") + hidden,
    "an old protocol's request line": lines("GET /healthz") + hidden,
    "a space in the method": lines("GE T /healthz HTTP/1.1", host, "") + hidden,
  };

  it.each(Object.entries(shapes))("%s: one refusal, and the connection is closed", async (_, text) => {
    const found = statuses(await exchange(text));
    expect(found).toEqual(["400"]);
  });

  it("a body on a GET is not read as the next request", async () => {
    const text = lines("GET /healthz HTTP/1.1", host, `Content-Length: ${hidden.length}`, "") + hidden;
    const end = lines("GET /nothing-here HTTP/1.1", host, "Connection: close", "");
    // The body is the first request's; the second is `end`, which no page answers here.
    expect(statuses(await exchange(text + end)).filter((status) => status === "200")).toHaveLength(1);
  });

  it("a refused request's body is not read as the next request", async () => {
    const body = hidden;
    const text =
      create("Content-Type: application/json", `Content-Length: ${body.length}`) +
      body +
      lines("GET /api/v1/payment-methods HTTP/1.1", host, "Connection: close", "");
    expect(statuses(await exchange(text))).toEqual(["401", "401"]);
  });
});

describe("headers", () => {
  it("above 16 KiB are refused", async () => {
    const big = lines("GET /healthz HTTP/1.1", host, `X-Big: ${"a".repeat(17 * 1024)}`, "");
    expect(statuses(await exchange(big))).toEqual(["431"]);
  });

  it("of any number and length leave a 4xx at the worst", async () => {
    const names = Array.from({ length: 900 }, (_, index) => `X-${index}: y`);
    const many = lines("GET /api/v1/sessions HTTP/1.1", host, ...names, "Connection: close", "");
    expect(statuses(await exchange(many))[0]).toMatch(/^4/);
  });

  it("of the caller never become headers of the answer", async () => {
    const answers = await Promise.all([
      // As an escape in the path and the query, which some servers put into Location or Link.
      exchange(
        lines(
          "GET /api/v1/sessions?page=1%0d%0aX-Evil:%201 HTTP/1.1",
          host,
          `Authorization: Bearer ${key}`,
          "Connection: close",
          "",
        ),
      ),
      exchange(lines("GET /%0d%0aX-Evil:%201 HTTP/1.1", host, "Connection: close", "")),
      exchange(
        lines("GET /healthz HTTP/1.1", host, "X-Request-Id: a%0d%0aX-Evil: 1", "Connection: close", ""),
      ),
      exchange(lines("GET /api/v1/x HTTP/1.1", host, "X-Request-Id: <script>", "Connection: close", "")),
    ]);
    for (const answer of answers) {
      const head = answer.split("\r\n\r\n")[0] ?? "";
      expect(head.toLowerCase()).not.toContain("\r\nx-evil");
      expect(head).not.toContain("<script>");
    }
  });

  it("a host or a whole address that is not ours changes no link", async () => {
    const list = (...head: string[]) =>
      exchange(lines(...head, `Authorization: Bearer ${key}`, "Connection: close", ""));
    const answers = await Promise.all([
      list("GET /api/v1/sessions HTTP/1.1", "Host: evil.example", "X-Forwarded-Host: evil.example"),
      list("GET http://evil.example/api/v1/sessions HTTP/1.1", host),
    ]);
    for (const answer of answers) expect(answer).not.toContain("evil.example");
  });

  it("the caller's word for who it is, is not taken", async () => {
    const answer = await exchange(
      lines(
        "GET /api/v1/sessions HTTP/1.1",
        host,
        `Authorization: Bearer ${key}`,
        "X-Kadosei-Client: 00000000-0000-0000-0000-000000000000 203.0.113.9",
        "X-Forwarded-For: 203.0.113.9",
        "Connection: close",
        "",
      ),
    );
    expect(statuses(answer)).toEqual(["200"]);
    await app.services.apiLog.flush();
    const logged = await app.services.db.prisma.apiRequestLog.findMany({ select: { ip: true } });
    expect(logged.map(({ ip }) => ip)).not.toContain("203.0.113.9");
  });
});
