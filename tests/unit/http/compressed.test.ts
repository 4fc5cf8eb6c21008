import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { compressed } from "~/http/compressed.server";

const ask = (headers: Record<string, string>, method = "GET") =>
  new Request("https://kadosei.example/", { method, headers: { "accept-encoding": "gzip, br", ...headers } });
const answer = (type = "text/html; charset=utf-8", headers: Record<string, string> = {}) =>
  new Response("a page ".repeat(1000), { headers: { "content-type": type, ...headers } });

describe("a page's answer", () => {
  it("is gzip for who takes it, with all it had", async () => {
    const given = answer("text/html", { "content-length": "7000", "set-cookie": "a=b", vary: "cookie" });
    const response = compressed(ask({}), given);
    expect(Object.fromEntries(response.headers)).toEqual({
      "content-encoding": "gzip",
      "content-type": "text/html",
      "set-cookie": "a=b",
      vary: "cookie, accept-encoding, sec-fetch-site",
    });
    expect(gunzipSync(await response.arrayBuffer()).toString()).toBe("a page ".repeat(1000));
  });

  it.each([
    ["who does not take it", ask({ "accept-encoding": "identity" }), answer()],
    ["who refuses it", ask({ "accept-encoding": "br, gzip;q=0" }), answer()],
    ["what another site asked for", ask({ "sec-fetch-site": "cross-site" }), answer()],
    ["a stream of events", ask({}), answer("text/event-stream")],
    ["a picture", ask({}), answer("image/png")],
    ["what is compressed already", ask({}), answer("text/html", { "content-encoding": "br" })],
    ["an answer without a body", ask({}), new Response(null, { status: 304 })],
    ["who asks for the headers alone", ask({}, "HEAD"), answer()],
  ])("is as it was for %s", async (_, request, given) => {
    const encoding = given.headers.get("content-encoding");
    const response = compressed(request, given);
    expect(response).toBe(given);
    expect(response.headers.get("content-encoding")).toBe(encoding);
  });

  it("is sent as it is written: what waits for the rest holds nothing back", async () => {
    let goOn = () => {};
    const slow = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(new TextEncoder().encode("the shell"));
        await slow;
        controller.enqueue(new TextEncoder().encode(", and what was slow"));
        controller.close();
      },
    });
    const response = compressed(ask({}), new Response(body, { headers: { "content-type": "text/html" } }));
    const reader = response.body!.pipeThrough(new DecompressionStream("gzip")).getReader();
    const read = async () => new TextDecoder().decode((await reader.read()).value);
    expect(await read()).toBe("the shell");
    goOn();
    expect(await read()).toBe(", and what was slow");
  });

  it("fails where what makes it fails, instead of ending as if it were whole", async () => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode("half of")),
      pull: (controller) => controller.error(new Error("the database has gone")),
    });
    const response = compressed(ask({}), new Response(body, { headers: { "content-type": "text/csv" } }));
    await expect(response.arrayBuffer()).rejects.toThrow("the database has gone");
  });

  it("ends what makes it when the reader goes", async () => {
    let cancel = () => {};
    const cancelled = new Promise<void>((resolve) => {
      cancel = resolve;
    });
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(crypto.getRandomValues(new Uint8Array(16_384)));
      },
      cancel: () => cancel(),
    });
    const response = compressed(ask({}), new Response(body, { headers: { "content-type": "text/csv" } }));
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    await cancelled;
  });
});
