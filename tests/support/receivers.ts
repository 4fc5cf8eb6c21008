import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Received {
  headers: Record<string, string>;
  body: string;
  /** The webhook-id header. */
  id: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever was sent
  json: any;
}

export type Answer =
  | number
  | { status?: number; headers?: Record<string, string>; body?: string }
  | "hang"
  | "cut";

export interface Receiver {
  url: string;
  got: Received[];
  /** Lets those go that hang. */
  release(): void;
}

/** A merchant's server that answers each request as told and keeps what it got; gone with the test. */
export async function startReceiver(answer: (request: Received, index: number) => Answer): Promise<Receiver> {
  const got: Received[] = [];
  const hanging: ServerResponse[] = [];
  const listener: RequestListener = async (request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const headers = request.headers as Record<string, string>;
    const received = { headers, body, id: headers["webhook-id"] ?? "", json: JSON.parse(body) };
    got.push(received);
    const told = answer(received, got.length - 1);
    if (told === "hang") return void hanging.push(response);
    if (told === "cut") return void request.socket.destroy();
    const {
      status = 200,
      headers: extra = {},
      body: text = "",
    } = typeof told === "number" ? { status: told } : told;
    response.writeHead(status, extra).end(text);
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/hooks`,
    got,
    release() {
      for (const response of hanging.splice(0)) response.writeHead(200).end();
    },
  };
}
