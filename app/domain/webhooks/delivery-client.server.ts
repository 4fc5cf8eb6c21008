import type { IncomingHttpHeaders } from "node:http";
import { isIP, type LookupFunction, connect as netConnect, type Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { type buildConnector, Client, type Dispatcher } from "undici";
import { allowedAddresses, createResolve, isConnectedTo, type Resolve } from "./webhook-address.server";

/** Longest wait for an answer, from the look-up of the name to its last byte (api.md §6). */
export const DELIVERY_TIMEOUT_MS = 15_000;
/** Of an answer, so much is read and kept. */
const MAX_RESPONSE_BYTES = 16 * 1024;
/** A connection without work is closed after this; most servers close theirs after five seconds. */
const IDLE_MS = 4_000;
const SHOWN_RESPONSE_HEADERS = [
  "content-type",
  "content-length",
  "location",
  "retry-after",
  "server",
  "date",
];

/** Milliseconds of each part, where it took place: a connection that stood already has only `wait`. */
export interface DeliveryTimings {
  dns?: number;
  connect?: number;
  tls?: number;
  /** From the request on the wire to the whole answer. */
  wait?: number;
}

export interface DeliveryAnswer {
  /** Null when there was none. */
  status: number | null;
  headers: Record<string, string>;
  /** At most 16 KiB. */
  body: string;
  /** In words; null for 2xx. */
  error: string | null;
  durationMs: number;
  timings: DeliveryTimings;
}

export interface DeliveryCall {
  url: string;
  body: string;
  headers: Record<string, string>;
  /** Whether http://localhost may be called. */
  allowLocal: boolean;
}

/** Calls merchants' servers: addresses checked when connecting, redirects not followed, time and bytes capped. */
export interface DeliveryClient {
  /** Never throws: what went wrong is in the answer. */
  post(call: DeliveryCall): Promise<DeliveryAnswer>;
  close(): Promise<void>;
}

export interface DeliveryClientOptions {
  resolve?: Resolve;
  timeoutMs?: number;
}

export function createDeliveryClient(options: DeliveryClientOptions = {}): DeliveryClient {
  const { resolve = createResolve(), timeoutMs = DELIVERY_TIMEOUT_MS } = options;
  const idle = new Map<string, Connection[]>();

  const take = (url: URL, allowLocal: boolean): Connection => {
    const key = `${url.origin} ${allowLocal}`;
    const connection = idle.get(key)?.pop();
    if (connection) return connection;
    return new Connection(url, allowLocal, resolve, (gone) => {
      const waiting = idle.get(key);
      const at = waiting?.indexOf(gone) ?? -1;
      if (waiting && at >= 0) waiting.splice(at, 1);
      if (waiting?.length === 0) idle.delete(key);
    });
  };
  const giveBack = (connection: Connection, url: URL, allowLocal: boolean) => {
    const key = `${url.origin} ${allowLocal}`;
    const waiting = idle.get(key);
    if (waiting) waiting.push(connection);
    else idle.set(key, [connection]);
  };

  return {
    async post({ url: address, body, headers, allowLocal }) {
      const started = performance.now();
      const timings: DeliveryTimings = {};
      // Checked when it was stored; a row of any other kind must not end the process.
      if (!URL.canParse(address)) {
        return { status: null, headers: {}, body: "", error: "its URL is not valid", durationMs: 0, timings };
      }
      const url = new URL(address);
      for (;;) {
        const connection = take(url, allowLocal);
        const reused = connection.isOpen;
        const result = await connection.post(
          `${url.pathname}${url.search}`,
          headers,
          body,
          timeoutMs - (performance.now() - started),
          timings,
        );
        if (connection.isOpen) giveBack(connection, url, allowLocal);
        else connection.destroy();
        // The other side closed a connection that waited, just as we used it: no answer of the endpoint's.
        if (reused && result.isClosed) continue;
        const durationMs = Math.round(performance.now() - started);
        for (const name of Object.keys(timings) as (keyof DeliveryTimings)[]) {
          timings[name] = Math.round((timings[name] ?? 0) * 10) / 10;
        }
        const { status, error } = result;
        const failed =
          status === null ? error : status < 200 || status > 299 ? `it answered ${status}` : null;
        return { status, headers: result.headers, body: result.body, error: failed, durationMs, timings };
      }
    },
    async close() {
      const connections = [...idle.values()].flat();
      idle.clear();
      for (const connection of connections) connection.destroy();
    },
  };
}

interface Result {
  status: number | null;
  headers: Record<string, string>;
  body: string;
  /** In words. */
  error: string | null;
  /** The connection ended before a byte of an answer came. */
  isClosed: boolean;
}

type Stage = "look-up" | "connect" | "tls" | "answer";

/** One connection to one origin, used by one call at a time: whose time its making was is then known. */
class Connection {
  private readonly client: Client;
  private socket: Socket | null = null;
  private timings: DeliveryTimings = {};
  private stage: Stage = "answer";

  constructor(
    private readonly url: URL,
    private readonly allowLocal: boolean,
    private readonly resolve: Resolve,
    onClosed: (connection: Connection) => void,
  ) {
    this.client = new Client(url.origin, {
      pipelining: 1,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS,
      // One timer of our own for everything, look-up and connection included.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (_options, callback) => this.open(callback),
    });
    this.client.on("disconnect", () => {
      this.socket = null;
      onClosed(this);
    });
  }

  get isOpen(): boolean {
    return this.socket !== null && !this.socket.destroyed && !this.client.destroyed;
  }

  destroy(error: Error | null = null): void {
    this.socket?.destroy();
    void this.client.destroy(error).catch(() => undefined);
  }

  private open(callback: buildConnector.Callback): void {
    this.connectChecked().then(
      (socket) => callback(null, socket),
      (error: Error) => callback(error, null),
    );
  }

  private async connectChecked(): Promise<Socket> {
    const { url, timings } = this;
    this.stage = "look-up";
    let at = performance.now();
    const lap = (): number => {
      const took = performance.now() - at;
      at += took;
      return took;
    };
    const allowed = await allowedAddresses(url, this.allowLocal, this.resolve);
    timings.dns = lap();
    this.stage = "connect";
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const isTls = url.protocol === "https:";
    const target = {
      host,
      port: Number(url.port) || (isTls ? 443 : 80),
      noDelay: true,
      autoSelectFamily: true,
      // Pinned: whatever the name says by now, only what was checked.
      lookup: ((_host, options, done) =>
        options.all
          ? done(null, [...allowed])
          : done(null, allowed[0].address, allowed[0].family)) as LookupFunction,
    };
    const socket: Socket = isTls
      ? tlsConnect({
          ...target,
          ALPNProtocols: ["http/1.1"],
          ...(isIP(host) === 0 ? { servername: host } : {}),
        })
      : netConnect(target);
    this.socket = socket;
    return new Promise((resolve, reject) => {
      socket.once("error", reject);
      socket.once("close", () => reject(new Error("the connection was closed while it was made")));
      socket.once("connect", () => {
        timings.connect = lap();
        if (!isConnectedTo(allowed, socket.remoteAddress)) {
          socket.destroy(new Error("the connection led to another address than was checked"));
        }
        if (!isTls) done();
        else this.stage = "tls";
      });
      if (isTls) {
        socket.once("secureConnect", () => {
          timings.tls = lap();
          done();
        });
      }
      const done = () => {
        this.stage = "answer";
        socket.removeListener("error", reject);
        resolve(socket);
      };
    });
  }

  post(
    path: string,
    headers: Record<string, string>,
    body: string,
    timeoutMs: number,
    timings: DeliveryTimings,
  ): Promise<Result> {
    this.timings = timings;
    return new Promise((resolve) => {
      const exchange = new Exchange(timings, resolve, (error) => this.destroy(error));
      exchange.endAfter(timeoutMs, () => this.stage);
      this.client.dispatch({ path, method: "POST", headers, body }, exchange);
    });
  }
}

/** One request and its answer. */
class Exchange implements Dispatcher.DispatchHandler {
  private isDone = false;
  private isTimedOut = false;
  private sentAt = 0;
  private status: number | null = null;
  private readonly shown: Record<string, string> = {};
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly timings: DeliveryTimings,
    private readonly resolve: (result: Result) => void,
    private readonly destroyConnection: (error?: Error) => void,
  ) {}

  /** @param stage where the connection is by then. */
  endAfter(timeoutMs: number, stage: () => Stage): void {
    this.timer = setTimeout(() => {
      this.isTimedOut = true;
      const words = timeoutInWords(stage(), this.status !== null);
      this.destroyConnection(new Error(words));
      this.status = null;
      this.finish(words);
    }, timeoutMs);
  }

  onRequestStart(): void {
    this.sentAt = performance.now();
  }

  onResponseStart(_controller: unknown, statusCode: number, headers: IncomingHttpHeaders): void {
    this.status = statusCode;
    for (const name of SHOWN_RESPONSE_HEADERS) {
      const value = headers[name];
      if (value !== undefined) this.shown[name] = String(value);
    }
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.chunks.push(chunk);
    this.size += chunk.byteLength;
    // It may go on for ever: the answer is known, the rest is nobody's interest.
    if (this.size < MAX_RESPONSE_BYTES) return;
    this.finish(null);
    this.destroyConnection();
  }

  onResponseEnd(): void {
    this.finish(null);
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.isTimedOut) return;
    const isClosed = this.status === null && CLOSED.has(codeOf(error) ?? "");
    // Half an answer is none: the endpoint may not have done its work.
    this.status = null;
    this.finish(errorInWords(error), isClosed);
  }

  private finish(error: string | null, isClosed = false): void {
    if (this.isDone) return;
    this.isDone = true;
    clearTimeout(this.timer);
    if (this.sentAt > 0) this.timings.wait = performance.now() - this.sentAt;
    this.resolve({ status: this.status, headers: this.shown, body: textOf(this.chunks), error, isClosed });
  }
}

/** PostgreSQL text holds no NUL. */
function textOf(chunks: Buffer[]): string {
  if (chunks.length === 0) return "";
  const bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  return bytes.subarray(0, MAX_RESPONSE_BYTES).toString("utf8").replaceAll("\u0000", "");
}

const CLOSED = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "UND_ERR_CLOSED", "UND_ERR_DESTROYED"]);

function codeOf(error: Error): string | undefined {
  const own = (error as NodeJS.ErrnoException).code;
  return own ?? (error.cause as NodeJS.ErrnoException | undefined)?.code;
}

function timeoutInWords(stage: Stage, hasBegun: boolean): string {
  switch (stage) {
    case "look-up":
      return "the host name could not be looked up within 15 seconds";
    case "connect":
      return "no connection within 15 seconds";
    case "tls":
      return "no secure connection within 15 seconds";
    case "answer":
      return hasBegun ? "the answer was not complete within 15 seconds" : "no answer within 15 seconds";
  }
}

const WORDS: Record<string, string> = {
  ECONNREFUSED: "the connection was refused",
  ENOTFOUND: "the host name could not be found",
  ENODATA: "the host name could not be found",
  EAI_AGAIN: "the host name could not be found",
  ETIMEOUT: "the name servers of the host did not answer",
  ETIMEDOUT: "no connection: the server did not answer",
  EHOSTUNREACH: "there is no way to the server",
  ENETUNREACH: "there is no way to the server",
  ECONNRESET: "the connection was closed before an answer came",
  EPIPE: "the connection was closed before an answer came",
  UND_ERR_SOCKET: "the connection was closed before an answer came",
  CERT_HAS_EXPIRED: "its TLS certificate has expired",
  CERT_NOT_YET_VALID: "its TLS certificate is not valid yet",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its TLS certificate is signed by itself",
  SELF_SIGNED_CERT_IN_CHAIN: "its TLS certificate is signed by an unknown authority",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its TLS certificate chain is not complete",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its TLS certificate is signed by an unknown authority",
  ERR_TLS_CERT_ALTNAME_INVALID: "its TLS certificate is for another host name",
  EPROTO: "no TLS could be agreed on with it",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS on this port",
};

function errorInWords(error: Error): string {
  // Several addresses, each with its own error: the first one's stands for all.
  const one = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error;
  const code = codeOf(one);
  if (code !== undefined && WORDS[code] !== undefined) return WORDS[code];
  if (one.name === "HTTPParserError") return "what came back was not HTTP";
  return one.message;
}
