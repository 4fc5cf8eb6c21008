import type { LookupAddress } from "node:dns";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { Webhook } from "standardwebhooks";
import { describe, expect, it, onTestFinished } from "vitest";
import { createDeliveryClient, type DeliveryClientOptions } from "~/domain/webhooks/delivery-client.server";
import { signedHeaders, signingKeyBytes } from "~/domain/webhooks/sign-webhook.server";
import { startReceiver } from "../../support/receivers";

function clientOf(options: DeliveryClientOptions = {}) {
  const client = createDeliveryClient(options);
  onTestFinished(() => client.close());
  return client;
}
const to = (address: string): LookupAddress => ({ address, family: address.includes(":") ? 6 : 4 });
const call = { body: "{}", headers: { "content-type": "application/json" }, allowLocal: false };

describe("where a call may lead", () => {
  // Every way of writing an address that must not be called; the literal forms reach us as the URL parser leaves them.
  it.each([
    ["loopback", "https://127.0.0.1/"],
    ["loopback, decimal", "https://2130706433/"],
    ["loopback, octal", "https://0177.0.0.1/"],
    ["loopback, hexadecimal", "https://0x7f000001/"],
    ["loopback, short", "https://127.1/"],
    ["any address", "https://0.0.0.0/"],
    ["loopback in v6", "https://[::1]/"],
    ["v4-mapped loopback", "https://[::ffff:127.0.0.1]/"],
    ["v4-mapped private, hexadecimal", "https://[::ffff:a00:1]/"],
    ["v4-compatible loopback", "https://[::127.0.0.1]/"],
    ["v4-translated loopback", "https://[::ffff:0:127.0.0.1]/"],
    ["NAT64 of the metadata address", "https://[64:ff9b::a9fe:a9fe]/"],
    ["local NAT64", "https://[64:ff9b:1::a9fe:a9fe]/"],
    ["6to4 of a private address", "https://[2002:a00:1::1]/"],
    ["Teredo", "https://[2001:0:7f00:1::1]/"],
    ["ULA", "https://[fd00:ec2::254]/"],
    ["link-local v6", "https://[fe80::1]/"],
    ["site-local v6", "https://[fec0::1]/"],
    ["multicast v6", "https://[ff02::1]/"],
    ["documentation v6", "https://[2001:db8::1]/"],
    ["private 10/8", "https://10.0.0.1/"],
    ["private 172.16/12", "https://172.31.255.254/"],
    ["private 192.168/16", "https://192.168.0.1/"],
    ["CGNAT", "https://100.100.100.200/"],
    ["metadata", "https://169.254.169.254/latest/meta-data/"],
    ["protocol assignments", "https://192.0.0.192/"],
    ["benchmarking", "https://198.19.0.1/"],
    ["multicast", "https://224.0.0.251/"],
    ["reserved", "https://250.1.2.3/"],
    ["broadcast", "https://255.255.255.255/"],
    ["localhost without leave", "http://localhost:9/"],
    ["localhost over https", "https://localhost/"],
  ])("refuses %s", async (_name, url) => {
    const answer = await clientOf().post({ ...call, url });
    expect(answer).toMatchObject({
      status: null,
      error: expect.stringContaining("private or reserved address"),
    });
    expect(answer.timings).not.toHaveProperty("connect");
  });

  it.each([
    ["a private one", ["10.0.0.1"]],
    ["a public and a private one", ["93.184.215.14", "127.0.0.1"]],
    ["a v4-mapped private one", ["::ffff:192.168.1.1"]],
    ["none", []],
  ])("refuses a name that resolves to %s", async (_name, addresses) => {
    const client = clientOf({ resolve: async () => addresses.map(to) });
    const answer = await client.post({ ...call, url: "https://shop.example/hooks" });
    expect(answer).toMatchObject({
      status: null,
      error: expect.stringContaining("private or reserved address"),
    });
  });

  it("connects to what it checked, whatever the name says a moment later, and looks again for each connection", async () => {
    const receiver = await startReceiver(() => ({ headers: { connection: "close" } }));
    const answers = [["127.0.0.1"], ["10.0.0.1"], ["127.0.0.1"]];
    let asked = 0;
    const resolve = async () => (answers[asked++] ?? []).map(to);
    const client = clientOf({ resolve });
    const local = { ...call, url: receiver.url, allowLocal: true };
    expect((await client.post(local)).status).toBe(200);
    expect((await client.post(local)).error).toContain("private or reserved address");
    expect((await client.post(local)).status).toBe(200);
    expect(asked).toBe(3);
    expect(receiver.got).toHaveLength(2);
  });

  it("lets http://localhost lead to loopback only", async () => {
    const client = clientOf({ resolve: async () => [to("93.184.215.14")] });
    const answer = await client.post({ ...call, url: "http://localhost:9/", allowLocal: true });
    expect(answer.error).toContain("private or reserved address");
  });

  it("does not follow a redirect to the metadata address", async () => {
    const location = "http://169.254.169.254/latest/meta-data/";
    const receiver = await startReceiver(() => ({ status: 307, headers: { location } }));
    const answer = await clientOf().post({ ...call, url: receiver.url, allowLocal: true });
    expect(answer).toMatchObject({ status: 307, error: "it answered 307", headers: { location } });
    expect(receiver.got).toHaveLength(1);
  });
});

describe("a call", () => {
  const local = (url: string) => ({ ...call, url, allowLocal: true });

  it("times its parts, and keeps the connection for the next one", async () => {
    const receiver = await startReceiver(() => ({ body: "ok" }));
    const client = clientOf();
    const first = await client.post(local(receiver.url));
    expect(first).toMatchObject({ status: 200, body: "ok", error: null });
    expect(Object.keys(first.timings).sort()).toEqual(["connect", "dns", "wait"]);
    const second = await client.post(local(receiver.url));
    expect(Object.keys(second.timings)).toEqual(["wait"]);
  });

  it("goes to a new connection when the one that waited was closed", async () => {
    let isFirst = true;
    const server = createServer((_request, response) => response.end("ok"));
    // Closes what waits without a word, as a server that restarts does.
    server.on("request", (request) => {
      if (isFirst) setImmediate(() => setImmediate(() => request.socket.destroy()));
      isFirst = false;
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const client = clientOf();
    const url = `http://localhost:${(server.address() as AddressInfo).port}/`;
    expect((await client.post(local(url))).status).toBe(200);
    expect((await client.post(local(url))).status).toBe(200);
  });

  it("says in words what went wrong", async () => {
    const client = clientOf();
    const cut = await startReceiver(() => "cut");
    const hanging = await startReceiver(() => "hang");
    const gone = createTcpServer();
    await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const nonsense = createTcpServer(
      (socket) => void socket.on("error", () => undefined).write("SSH-2.0-nonsense\r\n"),
    );
    await new Promise<void>((resolve) => nonsense.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void nonsense.close());
    const errorOf = async (url: string) => (await client.post(local(url))).error;
    const impatient = clientOf({ timeoutMs: 300 });
    expect((await impatient.post(local(hanging.url))).error).toBe("no answer within 15 seconds");
    expect(await errorOf(cut.url)).toBe("the connection was closed before an answer came");
    expect(await errorOf(`http://localhost:${port}/`)).toBe("the connection was refused");
    expect(await errorOf(`http://localhost:${(nonsense.address() as AddressInfo).port}/`)).toBe(
      "what came back was not HTTP",
    );
  });

  it("reads no more of an answer than it keeps, also of one that never ends", async () => {
    const server = createServer((_request, response) => {
      const more = () => void (response.writable && response.write("x".repeat(8_192), more));
      response.on("error", () => undefined);
      more();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `http://localhost:${(server.address() as AddressInfo).port}/`;
    const answer = await clientOf().post(local(url));
    expect(answer).toMatchObject({ status: 200, error: null });
    expect(answer.body).toHaveLength(16_384);
  });

  it("does not wait for a name whose servers are silent when it calls another", async () => {
    const receiver = await startReceiver(() => 200);
    const client = clientOf({
      timeoutMs: 2_000,
      resolve: (host) =>
        host === "silent.example" ? new Promise(() => undefined) : Promise.resolve([to("127.0.0.1")]),
    });
    const silent = client.post({ ...call, url: "https://silent.example/" });
    expect((await client.post(local(receiver.url))).status).toBe(200);
    expect((await silent).error).toBe("the host name could not be looked up within 15 seconds");
  });
});

describe("signatures", () => {
  it("are those of Standard Webhooks: its published vector, and its library", () => {
    const id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const body = '{"test": 2432232314}';
    const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const at = new Date(1_614_265_330 * 1000);
    const headers = signedHeaders(id, body, [signingKeyBytes(secret)], at);
    expect(headers["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    expect(new Webhook(secret).sign(id, at, body)).toBe(headers["webhook-signature"]);
    const now = signedHeaders(id, body, [signingKeyBytes(secret)], new Date());
    expect(new Webhook(secret).verify(body, now)).toEqual({ test: 2432232314 });
  });
});
