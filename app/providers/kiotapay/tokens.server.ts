import { z } from "zod";
import type { Clock } from "~/lib/clock";
import { callJson } from "~/providers/json-call.server";
import { type ConnectionContext, ProviderRefusal } from "~/providers/port";

/** A token this near to its end could end on the way. */
const SPARE_MS = 30_000;
/** Tokens are small; this only bounds a process that lives for years. */
const MAX_TOKENS = 1_000;

const answerSchema = z.object({
  data: z.object({ access_token: z.string().min(1), expires_in: z.number().int().positive() }),
});

export interface Tokens {
  /** A bearer token for the connection's calls. @throws ProviderRefusal. */
  get(connection: ConnectionContext, signal: AbortSignal): Promise<string>;
  /** Drops a token that was refused; false when there is no way to get another. */
  drop(connection: ConnectionContext): boolean;
}

/**
 * Bearer tokens of Kiotapay ("Get API Token"): key and secret give one that lives for minutes, which is
 * kept in this process until shortly before its end. A connection may hold a token of its own instead.
 */
export function createTokens(baseUrl: string, clock: Clock): Tokens {
  const address = new URL("/api/v1/get-token", baseUrl).href;
  const kept = new Map<string, { token: string; endsAt: number }>();
  const keyOf = ({ credentials }: ConnectionContext) =>
    JSON.stringify([credentials?.apiKey, credentials?.apiSecret]);
  return {
    async get(connection, signal) {
      const { apiKey, apiSecret, accessToken } = connection.credentials ?? {};
      if (accessToken !== undefined) return accessToken;
      if (apiKey === undefined || apiSecret === undefined) {
        throw new ProviderRefusal("bad_credentials", "the connection has no API key and secret");
      }
      const now = clock.now().getTime();
      const known = kept.get(keyOf(connection));
      if (known !== undefined && known.endsAt - SPARE_MS > now) return known.token;
      const { read } = await callJson(
        {
          provider: "Kiotapay",
          method: "POST",
          url: address,
          secretHeaders: {},
          body: { apiKey, apiSecret },
          keptHeaders: [],
          keepAnswer: () => ({}),
          errorMember: "message",
          // Whatever it finds wrong with them, it is the key or the secret.
          refusal: ({ status }) =>
            status >= 400 && status < 500 && status !== 429 ? "bad_credentials" : null,
          secrets: [apiKey, apiSecret],
          read: (json) => answerSchema.parse(json).data,
        },
        signal,
      );
      if (kept.size >= MAX_TOKENS) kept.clear();
      kept.set(keyOf(connection), { token: read.access_token, endsAt: now + read.expires_in * 1000 });
      return read.access_token;
    },
    drop: (connection) => kept.delete(keyOf(connection)),
  };
}
