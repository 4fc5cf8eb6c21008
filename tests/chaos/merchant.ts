import { createServer, type Server } from "node:http";

/** One arrival of an event at the merchant's server. */
interface Arrival {
  at: number;
  /** Null: the connection was broken, or nothing was said. */
  answered: number | null;
}

export interface SeenEvent {
  id: string;
  type: string;
  sessionId: string;
  bodies: Set<string>;
  arrivals: Arrival[];
}

/** A merchant's server: keeps all it gets, and misbehaves by the given chances. */
export class Merchant {
  /** By webhook-id. */
  readonly events = new Map<string, SeenEvent>();
  /** Ids in the order of their first arrival, by session. */
  readonly orders = new Map<string, string[]>();
  chances = { error: 0.04, reset: 0.04, silent: 0.01 };
  readonly #server: Server;

  constructor(readonly port: number) {
    this.#server = createServer(async (incoming, response) => {
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of incoming) chunks.push(chunk as Buffer);
      } catch {
        return;
      }
      const text = Buffer.concat(chunks).toString("utf8");
      const id = String(incoming.headers["webhook-id"]);
      const body = JSON.parse(text) as { type: string; data: { session: { id: string } } };
      const sessionId = body.data.session.id;
      const seen: SeenEvent = this.events.get(id) ?? {
        ...{ id, type: body.type, sessionId },
        bodies: new Set<string>(),
        arrivals: [],
      };
      if (!this.events.has(id)) {
        this.events.set(id, seen);
        this.orders.set(sessionId, [...(this.orders.get(sessionId) ?? []), id]);
      }
      seen.bodies.add(text);
      const arrival: Arrival = { at: Date.now(), answered: null };
      seen.arrivals.push(arrival);
      const chance = Math.random();
      const { error, reset, silent } = this.chances;
      if (chance < silent) return;
      if (chance < silent + reset) return void response.destroy();
      arrival.answered = chance < silent + reset + error ? 500 : 200;
      response.writeHead(arrival.answered).end();
    });
  }

  start(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(this.port, "127.0.0.1", resolve));
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
