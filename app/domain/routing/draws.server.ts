// What a decision leaves to chance, so that it can be repeated: everything is drawn from a seed.
import { createHash } from "node:crypto";

/** What a percentage split draws by: 0 to below 1, from the session alone, so that a new version moves nobody. */
export function splitDraw(seed: string): number {
  return createHash("sha256").update(`${seed}|split`).digest().readUInt32BE(0) / 4_294_967_296;
}

const START = { a: 0xdeadbeef, b: 0x41c6ce57 };

/**
 * Pairs of standard normals by Box–Muller from a hash of seed, configuration version and connection, so that a decision can be
 * repeated. The hash spreads well and is no secret's keeper: cyrb53's two lanes of multiply and rotate, a tenth of
 * SHA-256's time.
 */
export function standardNormals(seed: string, version: number): (connectionId: string) => [number, number] {
  const start = hashOn(START, `${seed}|${version}|`);
  return (connectionId) => {
    const { a, b } = hashOn(start, connectionId);
    const u = (finish(a, b) + 1) / 4_294_967_297;
    const v = finish(b, a) / 4_294_967_296;
    const radius = Math.sqrt(-2 * Math.log(u));
    return [radius * Math.cos(2 * Math.PI * v), radius * Math.sin(2 * Math.PI * v)];
  };
}

/** Whether, and which, connection is tried for once: 0 to below 1, by the same hash. */
export function trialDraw(seed: string, version: number): number {
  const { a, b } = hashOn(START, `${seed}|${version}|trial`);
  return finish(a, b) / 4_294_967_296;
}

interface Lanes {
  a: number;
  b: number;
}

function hashOn({ a, b }: Lanes, text: string): Lanes {
  let left = a;
  let right = b;
  for (let place = 0; place < text.length; place++) {
    const code = text.charCodeAt(place);
    left = Math.imul(left ^ code, 2_654_435_761);
    right = Math.imul(right ^ code, 1_597_334_677);
  }
  return { a: left, b: right };
}

/** 32 bits, each of which depends on every bit of both lanes. */
function finish(lane: number, other: number): number {
  let hash =
    Math.imul(lane ^ (lane >>> 16), 2_246_822_507) ^ Math.imul(other ^ (other >>> 13), 3_266_489_909);
  hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507);
  hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
  return (hash ^ (hash >>> 16)) >>> 0;
}
