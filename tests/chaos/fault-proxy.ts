import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";

/** What goes wrong, each with the chance that it does in one call (HTTP) or one second of a connection (TCP). */
export type HttpFault = "slow" | "refused" | "error" | "unavailable" | "reset" | "lost" | "cut";
export type Chances = Partial<Record<HttpFault, number>>;

/** How often each fault happened. */
export type Tally = Record<string, number>;

const count = (tally: Tally, name: string) => (tally[name] = (tally[name] ?? 0) + 1);

function draw(chances: Chances): HttpFault | null {
  let rest = Math.random();
  for (const [fault, chance] of Object.entries(chances) as [HttpFault, number][]) {
    rest -= chance;
    if (rest < 0) return fault;
  }
  return null;
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export interface HttpProxy {
  port: number;
  chances: Chances;
  tally: Tally;
  stop(): Promise<void>;
}

/**
 * Stands before an HTTP server. `slow` waits 0.5–3 s; `refused` closes before anything is done; `error` and `unavailable` answer
 * 500 and 503 instead; `reset` passes the call on and breaks the connection; `lost` passes it on and never answers;
 * `cut` sends half of the answer.
 */
export async function startHttpProxy(
  port: number,
  targetOf: (incoming: IncomingMessage) => string,
  chances: Chances,
): Promise<HttpProxy> {
  const proxy: HttpProxy = { port, chances, tally: {}, stop: async () => undefined };
  const server: HttpServer = createHttpServer((incoming, response) => {
    pass(incoming, response, targetOf, proxy).catch(() => response.destroy());
  });
  await listen(server, port);
  proxy.stop = () => close(server, () => server.closeAllConnections());
  return proxy;
}

async function pass(
  incoming: IncomingMessage,
  response: ServerResponse,
  targetOf: (incoming: IncomingMessage) => string,
  proxy: HttpProxy,
): Promise<void> {
  const body = await bodyOf(incoming);
  const fault = draw(proxy.chances);
  count(proxy.tally, fault ?? "passed");
  if (fault === "refused") return void response.destroy();
  if (fault === "error" || fault === "unavailable") {
    return void response
      .writeHead(fault === "error" ? 500 : 503, { "content-type": "application/json" })
      .end('{"error":{"type":"api_error","message":"fault proxy"}}');
  }
  if (fault === "slow") await sleep(500 + Math.random() * 2_500);
  const { host: _, connection: __, "transfer-encoding": ___, ...headers } = incoming.headers;
  const answer = await request(`${targetOf(incoming)}${incoming.url}`, {
    method: (incoming.method ?? "GET") as "GET",
    headers,
    body: body.length > 0 ? body : null,
  });
  const text = Buffer.from(await answer.body.arrayBuffer());
  if (fault === "lost") return;
  if (fault === "reset") return void response.destroy();
  const { "transfer-encoding": ____, connection: _____, ...answerHeaders } = answer.headers;
  response.writeHead(answer.statusCode, { ...answerHeaders, "content-length": text.length });
  if (fault !== "cut") return void response.end(text);
  response.write(text.subarray(0, Math.floor(text.length / 2)));
  response.socket?.end(() => response.destroy());
}

export interface TcpProxy {
  port: number;
  tally: Tally;
  /** Of each connection in each second. */
  chances: { reset: number; halfOpen: number };
  /** Milliseconds added to each chunk, at the most. */
  latencyMs: number;
  /** Ends all faults, and all connections that stand still. */
  heal(): void;
  stop(): Promise<void>;
}

interface Pair {
  client: Socket;
  server: Socket;
  frozen: boolean;
}

/**
 * Stands before a database. `reset` breaks a connection on both sides; `halfOpen` lets nothing through any more and
 * says nothing, as when a firewall forgets it: only who waits no longer than he must gets away.
 */
export async function startTcpProxy(
  port: number,
  target: { host: string; port: number },
  options: Pick<TcpProxy, "chances" | "latencyMs">,
): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  const server: Server = createServer((client) => {
    const pair: Pair = { client, server: connect(target), frozen: false };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      // A frozen one is not told of what happened on the other side.
      if (!pair.frozen) client.destroy();
      pair.server.destroy();
    };
    const carry = (from: Socket, to: Socket) => {
      let last = Promise.resolve();
      from.on("data", (chunk) => {
        const wait = Math.random() * proxy.latencyMs;
        // One after the other, as they came.
        last = last
          .then(() => sleep(wait))
          .then(() => {
            if (!pair.frozen && !to.destroyed) to.write(chunk);
          });
      });
    };
    for (const socket of [client, pair.server]) socket.on("error", end).on("close", end).setNoDelay(true);
    carry(client, pair.server);
    carry(pair.server, client);
  });
  const proxy: TcpProxy = {
    ...options,
    port,
    tally: {},
    heal() {
      proxy.chances = { reset: 0, halfOpen: 0 };
      proxy.latencyMs = 0;
    },
    async stop() {
      clearInterval(timer);
      for (const { client, server: upstream } of pairs) {
        client.destroy();
        upstream.destroy();
      }
      await close(server, () => undefined);
    },
  };
  const timer = setInterval(() => {
    for (const pair of pairs) {
      const chance = Math.random();
      if (chance < proxy.chances.reset) {
        count(proxy.tally, "reset");
        pair.client.resetAndDestroy();
        pair.server.destroy();
      } else if (chance < proxy.chances.reset + proxy.chances.halfOpen && !pair.frozen) {
        count(proxy.tally, "half-open");
        pair.frozen = true;
      }
    }
  }, 1_000);
  await listen(server, port);
  return proxy;
}

function listen(server: Server | HttpServer, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
}

function close(server: Server | HttpServer, cut: () => void): Promise<void> {
  cut();
  return new Promise((resolve) => server.close(() => resolve()));
}
