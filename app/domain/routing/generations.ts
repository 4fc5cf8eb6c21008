/**
 * Who of a cell's customers comes to an end, by the minutes in which their checkout was made. That somebody left is
 * known only an hour later, when the session expires; that most of those have ended who will, after ten minutes. So
 * checkouts are counted when they are made, and after so long those who have not ended count as gone: the same time
 * for every connection, whoever has just been given the traffic. Who ends later is counted then.
 */

import { TUNED } from "./tuned";

/** Checkouts made, how many of them ended (paid or declined), and how many were paid: newest generation first. */
export type Generations = readonly number[];

const MADE = 0;
const ENDED = 1;
const PAID = 2;
/** Numbers of one generation. */
const WIDTH = 3;

const numberOf = (atMs: number) => Math.floor(atMs / TUNED.generationMs);

/** How many generations lie between two moments; never less than none. */
const ageAt = (nowMs: number, atMs: number) => Math.max(0, numberOf(nowMs) - numberOf(atMs));

export interface Moved {
  generations: Generations;
  /** Of the generations that are left behind: who ended, and who did not. */
  completed: number;
  abandoned: number;
  /** Made before this: what is left behind did not count, and is not corrected later. Null: all of it counted. */
  ignoredBeforeMs: number | null;
}

/** The generations as of `nowMs`, and what those that are old enough then tell. */
export function moveOn(generations: Generations, fromMs: number, nowMs: number): Moved {
  const by = ageAt(nowMs, fromMs);
  const moved: Moved = { generations, completed: 0, abandoned: 0, ignoredBeforeMs: null };
  if (by === 0 || generations.length === 0) return moved;
  const kept = Math.max(0, TUNED.generations - by) * WIDTH;
  for (let place = kept; place < generations.length; place += WIDTH) {
    if (isSilent(generations, place)) {
      const endMs = (numberOf(fromMs) - place / WIDTH + 1) * TUNED.generationMs;
      moved.ignoredBeforeMs = Math.max(moved.ignoredBeforeMs ?? 0, endMs);
    } else {
      const made = at(generations, place + MADE);
      const ended = at(generations, place + ENDED);
      moved.completed += ended;
      moved.abandoned += Math.max(0, made - ended);
    }
  }
  moved.generations =
    kept === 0 ? [] : [...new Array<number>(by * WIDTH).fill(0), ...generations.slice(0, kept)];
  return moved;
}

/**
 * True of a generation in which hardly anybody ended, and of the two before it, whose customers were still paying: a
 * provider was silent, which tells nothing of how many leave its page (`completion` looks for silence by itself).
 */
function isSilent(generations: Generations, place: number): boolean {
  for (let younger = 0; younger <= 2; younger++) {
    const own = place - younger * WIDTH;
    const made = at(generations, own + MADE);
    if (made >= TUNED.silentEnds && at(generations, own + ENDED) < TUNED.silentShare * made) return true;
  }
  return false;
}

/** Checkouts made in all of them. */
export function madeLately(generations: Generations): number {
  let made = 0;
  for (let place = MADE; place < generations.length; place += WIDTH) made += at(generations, place);
  return made;
}

/** With one more checkout made. */
export function withMade(generations: Generations, madeAtMs: number, nowMs: number): Generations {
  const age = Math.min(ageAt(nowMs, madeAtMs), TUNED.generations - 1);
  return changed(generations, age, (first) => [[first + MADE, 1]]);
}

/** With one of them ended; null when its generation has been left behind. */
export function withEnd(
  generations: Generations,
  kind: "PAID" | "DECLINED" | "CUSTOMER",
  madeAtMs: number,
  nowMs: number,
): Generations | null {
  const age = ageAt(nowMs, madeAtMs);
  if (age >= TUNED.generations) return null;
  return changed(generations, age, (first) => {
    // The customer's own reason says nothing of the page: as if the checkout had not been made.
    if (kind === "CUSTOMER") return [[first + MADE, -1]];
    return [
      [first + ENDED, 1],
      [first + PAID, kind === "PAID" ? 1 : 0],
    ];
  });
}

function changed(
  generations: Generations,
  age: number,
  changes: (first: number) => [place: number, by: number][],
): Generations {
  const next = [...generations];
  while (next.length < (age + 1) * WIDTH) next.push(0);
  for (const [place, by] of changes(age * WIDTH)) next[place] = at(next, place) + by;
  return next;
}

export interface Counts {
  successes: number;
  total: number;
}

export interface News {
  isBad: boolean;
  /** Each of them the newest generation and some before it. */
  of: readonly Counts[];
}

/**
 * The last minutes, where they contradict what is remembered: null where they do not. Bad news hides good: what has
 * become worse of late is not made up for by a good minute since.
 * @param usual the share that is remembered.
 */
export function newsOf(generations: Generations, usual: number): News | null {
  const bad: Counts[] = [];
  const good: Counts[] = [];
  let successes = 0;
  let total = 0;
  for (let place = 0; place < generations.length; place += WIDTH) {
    total += at(generations, place + ENDED);
    successes += at(generations, place + PAID);
    if (total < TUNED.newsMinEnds) continue;
    const surprise = surpriseOf(successes, total, usual);
    if (surprise < -TUNED.surprise) bad.push({ successes, total });
    else if (surprise > TUNED.surprise) good.push({ successes, total });
  }
  if (bad.length > 0) return { isBad: true, of: bad };
  return good.length > 0 ? { isBad: false, of: good } : null;
}

/** How many standard deviations successes are from what a share would have given. */
export function surpriseOf(successes: number, total: number, share: number): number {
  const usual = Math.min(0.97, Math.max(0.03, share));
  return total === 0 ? 0 : (successes - total * usual) / Math.sqrt(total * usual * (1 - usual));
}

/** Nothing where there is none. */
const at = (generations: Generations, place: number) => generations[place] ?? 0;
