/**
 * The seed's own generator: the same numbers on every machine, so that the demo is the same demo.
 * Nothing secret may come from it: its start is public.
 */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  /** By weight. */
  weighted<Item>(items: readonly [readonly [Item, number], ...(readonly [Item, number])[]]): Item;
  /** Log-normal around `median`; `spread` is the standard deviation of the logarithm. */
  around(median: number, spread: number): number;
  base62(length: number): string;
  /** A UUID of version 4. */
  uuid(): string;
  /** A UUID of version 7 for that moment, in milliseconds; later calls for the same one sort later. */
  id(atMs: number): string;
}

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const HEX4 = Array.from({ length: 65_536 }, (_, value) => value.toString(16).padStart(4, "0"));

/** sfc32, started from four fixed words and `stream`. */
export function createRandom(stream: number): Random {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = 0xb7e15162 ^ stream;
  let counter = 1;
  const word = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 20; round += 1) word();

  const next = () => word() / 4_294_967_296;
  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  const hex4 = () => HEX4[word() >>> 16] ?? "0000";
  let lastMs = -1;
  let sequence = 0;

  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick: (items) => items[Math.floor(next() * items.length)] ?? items[0],
    weighted(items) {
      let total = 0;
      for (const [, weight] of items) total += weight;
      let rest = next() * total;
      for (const [item, weight] of items) {
        rest -= weight;
        if (rest < 0) return item;
      }
      return items[0][0];
    },
    around(median, spread) {
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      return median * Math.exp(spread * normal);
    },
    base62(length) {
      let text = "";
      for (let index = 0; index < length; index += 1) text += BASE62[Math.floor(next() * 62)] ?? "0";
      return text;
    },
    uuid: () => `${hex4()}${hex4()}-${hex4()}-4${hex4().slice(1)}-${variant()}-${hex4()}${hex4()}${hex4()}`,
    id(atMs) {
      const ms = Math.floor(atMs);
      sequence = ms === lastMs ? (sequence + 1) & 0xfff : 0;
      lastMs = ms;
      const time = ms.toString(16).padStart(12, "0");
      const order = sequence.toString(16).padStart(3, "0");
      return `${time.slice(0, 8)}-${time.slice(8)}-7${order}-${variant()}-${hex4()}${hex4()}${hex4()}`;
    },
  };

  function variant(): string {
    return HEX4[0x8000 | (word() >>> 18)] ?? "8000";
  }
}
