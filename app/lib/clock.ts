/** Now, as a value that is passed in: tests set it, nothing reads the system clock behind their back. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
