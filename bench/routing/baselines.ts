// The routers compared with, each from its published description.
import type { OutcomeOfSession, Policy } from "./policy";
import { generator, normal } from "./random";
import { PROVIDERS, SEGMENTS, type Trace } from "./world";

const K = PROVIDERS.length;
const S = SEGMENTS.length;

/** Paid is 1, declined 0; what expired says nothing. A refused create is a failure, as for routers without a breaker. */
abstract class ByValue implements Policy {
  readonly #values = new Float64Array(K);
  readonly #order = new Uint8Array(K);

  abstract order(segment: number, session: number, now: number): ArrayLike<number>;
  protected abstract learn(provider: number, segment: number, value: 0 | 1): void;

  onCreate(provider: number, segment: number, ok: boolean, _latency: number, _now: number): void {
    if (!ok) this.learn(provider, segment, 0);
  }

  onOutcome(provider: number, segment: number, outcome: OutcomeOfSession, _now: number): void {
    if (outcome !== "expired") this.learn(provider, segment, outcome === "paid" ? 1 : 0);
  }

  /** Highest value first. */
  protected rank(worthOf: (provider: number) => number): Uint8Array {
    for (let provider = 0; provider < K; provider++) {
      const value = worthOf(provider);
      this.#values[provider] = value;
      let place = provider;
      while (place > 0 && (this.#values[this.#order[place - 1] ?? 0] ?? 0) < value) {
        this.#order[place] = this.#order[place - 1] ?? 0;
        place -= 1;
      }
      this.#order[place] = provider;
    }
    return this.#order;
  }
}

/** The best fixed order, known only afterwards: what no router could have known. */
export class StaticBest implements Policy {
  readonly #orders: number[][];

  constructor(trace: Trace) {
    this.#orders = SEGMENTS.map((_, segment) => {
      const mean = (provider: number) =>
        (trace.stay[provider] ?? 0) *
        (trace.chance[provider]?.[segment]?.reduce((sum, value) => sum + value, 0) ?? 0);
      return PROVIDERS.map((_, provider) => provider).sort((a, b) => mean(b) - mean(a));
    });
  }

  order(segment: number): ArrayLike<number> {
    return this.#orders[segment] ?? [];
  }
  onCreate(): void {}
  onOutcome(): void {}
}

export class RoundRobin implements Policy {
  #turn = 0;
  readonly #order = new Uint8Array(K);

  order(): ArrayLike<number> {
    for (let place = 0; place < K; place++) this.#order[place] = (this.#turn + place) % K;
    this.#turn += 1;
    return this.#order;
  }
  onCreate(): void {}
  onOutcome(): void {}
}

/** The last `size` results, as ones and zeros. */
class Window {
  readonly size: number;
  readonly #results: Uint8Array;
  #oldest = 0;
  #count = 0;
  #ones = 0;

  constructor(size: number) {
    this.size = size;
    this.#results = new Uint8Array(size);
  }

  add(value: 0 | 1): void {
    if (this.#count === this.size) this.#ones -= this.#results[this.#oldest] ?? 0;
    else this.#count += 1;
    this.#results[this.#oldest] = value;
    this.#ones += value;
    this.#oldest = (this.#oldest + 1) % this.size;
  }

  get mean(): number {
    return this.#count === 0 ? 1 : this.#ones / this.#count;
  }

  /** The same newest results in a window of another size. */
  resized(size: number): Window {
    const result = new Window(size);
    const keep = Math.min(this.#count, size);
    for (let back = keep; back > 0; back--) {
      result.add(this.#results[(this.#oldest - back + 2 * this.size) % this.size] === 1 ? 1 : 0);
    }
    return result;
  }
}

const windows = (size: number) => Array.from({ length: K * S }, () => new Window(size));

/** With chance 5 % somebody else goes first, else the best mean of the last 125. */
export class EpsilonGreedy extends ByValue {
  readonly #random = generator(1);
  readonly #windows = windows(125);

  order(segment: number): ArrayLike<number> {
    const lucky = this.#random() < 0.05 ? Math.floor(this.#random() * K) : -1;
    return this.rank((provider) =>
      provider === lucky ? 2 : (this.#windows[provider * S + segment]?.mean ?? 1),
    );
  }
  protected learn(provider: number, segment: number, value: 0 | 1): void {
    this.#windows[provider * S + segment]?.add(value);
  }
}

/**
 * Juspay's success-rate router (juspay/decision-engine, "SR based routing"): per provider the last `window` results,
 * prefilled with successes; `hedging` percent of payments go to somebody else than the best. `reset`: a provider three
 * sigmas below the best restarts with a window that holds just that many failures. `autopilot`: every 15 minutes window
 * and hedging follow from the last hour's volume.
 */
export class Juspay extends ByValue {
  readonly #random = generator(2);
  readonly #windows = windows(WINDOW);
  readonly #hedging = SEGMENTS.map(() => HEDGING);
  readonly #options: { reset?: boolean; autopilot?: boolean };
  readonly #volume = SEGMENTS.map(() => 0);
  readonly #volumes: number[][] = [];
  #nextCalibration = 900;

  constructor(options: { reset?: boolean; autopilot?: boolean } = {}) {
    super();
    this.#options = options;
    for (const window of this.#windows) for (let n = 0; n < WINDOW; n++) window.add(1);
  }

  order(segment: number, _session: number, now: number): ArrayLike<number> {
    this.#volume[segment] = (this.#volume[segment] ?? 0) + 1;
    if (this.#options.autopilot && now >= this.#nextCalibration) {
      this.#calibrate();
      this.#nextCalibration += 900;
    }
    const mean = (provider: number) => this.#windows[provider * S + segment]?.mean ?? 1;
    let head = 0;
    for (let provider = 1; provider < K; provider++) if (mean(provider) > mean(head)) head = provider;
    if (this.#options.reset) this.#resetLaggards(segment, mean(head));
    const hedges = this.#random() * 100 < (this.#hedging[segment] ?? 0);
    // Ties are broken by chance; while hedging, all but the best are tied.
    return this.rank((provider) =>
      hedges ? (provider === head ? 0.5 : 1) + this.#random() * 1e-6 : mean(provider) + this.#random() * 1e-9,
    );
  }

  protected learn(provider: number, segment: number, value: 0 | 1): void {
    this.#windows[provider * S + segment]?.add(value);
  }

  #resetLaggards(segment: number, best: number): void {
    for (let provider = 0; provider < K; provider++) {
      const size = this.#windows[provider * S + segment]?.size ?? WINDOW;
      const threeSigma = 3 * Math.sqrt(Math.max(best * (1 - best), 0.09) / size);
      if ((this.#windows[provider * S + segment]?.mean ?? 1) >= best - threeSigma) continue;
      const failures = Math.min(size, Math.max(2, Math.floor((1 - best + threeSigma) * size)));
      const every = (size - 1) / (failures - 1);
      const fresh = new Window(size);
      for (let n = 0, failed = 0; n < size; n++) {
        const fails = n >= failed * every;
        if (fails) failed += 1;
        fresh.add(fails ? 0 : 1);
      }
      this.#windows[provider * S + segment] = fresh;
    }
  }

  #calibrate(): void {
    this.#volumes.push([...this.#volume]);
    if (this.#volumes.length > 5) this.#volumes.shift();
    for (let segment = 0; segment < S; segment++) {
      const lastHour = (this.#volume[segment] ?? 0) - (this.#volumes[0]?.[segment] ?? 0);
      if (lastHour < 100) continue;
      const wanted = Math.round((5 * Math.sqrt(lastHour / (K - 1))) / 25) * 25;
      const size = Math.min(2000, Math.max(100, wanted));
      const each = Math.max(0.01, Math.min(size / lastHour, 0.3 / (K - 1)));
      this.#hedging[segment] = Math.min(30, each * (K - 1) * 100);
      for (let provider = 0; provider < K; provider++) {
        const window = this.#windows[provider * S + segment];
        if (window && Math.abs(window.size - size) >= 25) {
          this.#windows[provider * S + segment] = window.resized(size);
        }
      }
    }
  }
}
const WINDOW = 125;
const HEDGING = 5;

/** Sums of the last results of a segment, each forgotten a little with every result of the segment. */
class Discounted {
  readonly successes = new Float64Array(K * S);
  readonly total = new Float64Array(K * S);
  readonly #discount: number;

  constructor(discount: number) {
    this.#discount = discount;
  }

  add(provider: number, segment: number, value: 0 | 1): void {
    for (let other = 0; other < K; other++) {
      const cell = other * S + segment;
      this.successes[cell] = (this.successes[cell] ?? 0) * this.#discount;
      this.total[cell] = (this.total[cell] ?? 0) * this.#discount;
    }
    const cell = provider * S + segment;
    this.successes[cell] = (this.successes[cell] ?? 0) + value;
    this.total[cell] = (this.total[cell] ?? 0) + 1;
  }
}

/** Discounted UCB (Garivier and Moulines 2011); discount .9997 and width .1 tuned on the first simulator's seeds. */
export class DiscountedUcb extends ByValue {
  readonly #sums = new Discounted(0.9997);

  order(segment: number): ArrayLike<number> {
    let sum = 0;
    for (let provider = 0; provider < K; provider++) sum += this.#sums.total[provider * S + segment] ?? 0;
    const log = Math.log(Math.max(2, sum));
    return this.rank((provider) => {
      const cell = provider * S + segment;
      const total = this.#sums.total[cell] ?? 0;
      if (total <= 0.01) return 2;
      const width = 2 * 0.1 * Math.sqrt((0.6 * log) / total);
      return Math.min(1.5, (this.#sums.successes[cell] ?? 0) / total + width);
    });
  }
  protected learn(provider: number, segment: number, value: 0 | 1): void {
    this.#sums.add(provider, segment, value);
  }
}

/** Discounted Thompson sampling (Raj and Kalyani 2017), with the same discount; the draw in log odds. */
export class DiscountedThompson extends ByValue {
  readonly #random = generator(5);
  readonly #sums = new Discounted(0.9997);

  order(segment: number): ArrayLike<number> {
    return this.rank((provider) => {
      const cell = provider * S + segment;
      const successes = this.#sums.successes[cell] ?? 0;
      const alpha = 1 + successes;
      const beta = 1 + (this.#sums.total[cell] ?? 0) - successes;
      return Math.log(alpha / beta) + normal(this.#random) * Math.sqrt(1 / alpha + 1 / beta);
    });
  }
  protected learn(provider: number, segment: number, value: 0 | 1): void {
    this.#sums.add(provider, segment, value);
  }
}
