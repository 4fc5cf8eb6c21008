import { Pool } from "undici";

export interface Call {
  method: "GET" | "POST";
  path: string;
  headers: Record<string, string>;
  body?: string;
  /** Of the answer: a bench of errors says nothing. */
  status: number;
}

export interface Figures {
  requests: number;
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

/**
 * Sends `next()` over `concurrent` connections, each as soon as the last was answered, for `ms`.
 * @throws Error for the first answer that has another status than its call says.
 */
export async function load(
  origin: string,
  options: { concurrent: number; ms: number; next: () => Call },
): Promise<Figures> {
  const pool = new Pool(origin, { connections: options.concurrent, pipelining: 1 });
  const times: number[] = [];
  const started = performance.now();
  const worker = async () => {
    while (performance.now() - started < options.ms) {
      const { status, ...call } = options.next();
      const sent = performance.now();
      const answer = await pool.request(call);
      const text = await answer.body.text();
      times.push(performance.now() - sent);
      if (answer.statusCode !== status) {
        throw new Error(`${call.method} ${call.path} answered ${answer.statusCode}: ${text.slice(0, 300)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: options.concurrent }, worker));
  const seconds = (performance.now() - started) / 1000;
  await pool.close();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { requests: times.length, perSecond: times.length / seconds, p50: at(0.5), p99: at(0.99) };
}

/** The round in the middle by throughput: one disturbed round does not count. */
export function median<Round extends Pick<Figures, "perSecond">>(rounds: Round[]): Round {
  const sorted = [...rounds].sort((a, b) => a.perSecond - b.perSecond);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error("no rounds");
  return middle;
}
