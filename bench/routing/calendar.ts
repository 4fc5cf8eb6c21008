/** What is going to happen, earliest first: a binary heap in typed arrays, for a million entries in a second. */
export class Calendar {
  #times = new Float64Array(1024);
  #whats = new Uint32Array(1024);
  #latencies = new Float32Array(1024);
  #size = 0;

  /** @param what a number of the caller's. @param latency seconds, handed back with it. */
  add(time: number, what: number, latency = 0): void {
    if (this.#size === this.#times.length) this.#grow();
    let place = this.#size++;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if ((this.#times[parent] ?? 0) <= time) break;
      this.#move(parent, place);
      place = parent;
    }
    this.#put(place, time, what, latency);
  }

  /** When the next thing happens; Infinity when nothing will. */
  get next(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#times[0] ?? 0);
  }

  /** The next thing; `next` tells when it happens, and must have been asked before. */
  take(): { what: number; latency: number } {
    const taken = { what: this.#whats[0] ?? 0, latency: this.#latencies[0] ?? 0 };
    this.#size -= 1;
    const last = this.#size;
    const time = this.#times[last] ?? 0;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= last) break;
      if (child + 1 < last && (this.#times[child + 1] ?? 0) < (this.#times[child] ?? 0)) child += 1;
      if ((this.#times[child] ?? 0) >= time) break;
      this.#move(child, place);
      place = child;
    }
    this.#put(place, time, this.#whats[last] ?? 0, this.#latencies[last] ?? 0);
    return taken;
  }

  #put(place: number, time: number, what: number, latency: number): void {
    this.#times[place] = time;
    this.#whats[place] = what;
    this.#latencies[place] = latency;
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#times[from] ?? 0, this.#whats[from] ?? 0, this.#latencies[from] ?? 0);
  }

  #grow(): void {
    const size = this.#times.length * 2;
    const times = new Float64Array(size);
    times.set(this.#times);
    this.#times = times;
    const whats = new Uint32Array(size);
    whats.set(this.#whats);
    this.#whats = whats;
    const latencies = new Float32Array(size);
    latencies.set(this.#latencies);
    this.#latencies = latencies;
  }
}
