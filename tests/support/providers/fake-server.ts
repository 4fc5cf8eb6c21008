import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeRequest {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface FakeAnswer {
  status: number;
  headers?: Record<string, string>;
  /** An object is sent as JSON. */
  body: string | object;
}

/**
 * What goes wrong with one call. `silent`: it arrives, and nothing happens; `lost`: it is done, and no
 * answer comes; `reset`: it is done, and the connection breaks; `broken_json`: it is done, and the answer
 * is cut; `server_error` and `rate_limited`: nothing is done, and the provider says so in its own words.
 */
export type Fault = "silent" | "lost" | "reset" | "broken_json" | "server_error" | "rate_limited";

/** What a fake provider says of its own troubles. */
export type Troubles = Record<"server_error" | "rate_limited", FakeAnswer>;

/** A provider's HTTP server on a free local port, written from its public documentation by whoever extends it. */
export abstract class FakeServer {
  readonly requests: FakeRequest[] = [];
  #faults: Fault[] = [];
  #onArrival: (() => void)[] = [];
  readonly #server: Server;

  protected constructor(private readonly troubles: Troubles) {
    this.#server = createServer(async (incoming, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const request: FakeRequest = {
        method: incoming.method ?? "GET",
        url: new URL(incoming.url ?? "/", this.origin),
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      };
      this.requests.push(request);
      this.#respond(request, response);
    });
  }

  /** What the provider does and says. */
  protected abstract handle(request: FakeRequest): FakeAnswer;

  /** Whether a fault hits this call; false for sign-in calls and the like. */
  protected takesFaults(_request: FakeRequest): boolean {
    return true;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Makes the next call go wrong; the next calls, in this order, when there are several. */
  failNext(...faults: Fault[]): void {
    this.#faults = faults;
  }

  /** Resolves when the next call was received, and done as far as its fault lets it be. */
  arrival(): Promise<void> {
    return new Promise((resolve) => this.#onArrival.push(resolve));
  }

  #respond(request: FakeRequest, response: ServerResponse): void {
    const fault = (this.takesFaults(request) ? this.#faults.shift() : null) ?? null;
    const isDone = fault !== "silent" && fault !== "server_error" && fault !== "rate_limited";
    const answer = isDone ? this.handle(request) : null;
    if (this.takesFaults(request)) for (const resolve of this.#onArrival.splice(0)) resolve();
    if (fault === "silent" || fault === "lost") return;
    if (fault === "reset") return void response.destroy();
    const { status, headers, body } =
      fault === "server_error" || fault === "rate_limited" ? this.troubles[fault] : (answer as FakeAnswer);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
    response.end(fault === "broken_json" ? text.slice(0, Math.floor(text.length / 2)) : text);
  }
}
