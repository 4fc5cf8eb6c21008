const MINUTE = 60_000;

/**
 * The constants of the engine, in one place. They come from `npm run bench:routing`, tuned on other seeds than those its
 * figures are reported on (docs/decisions/008-what-the-routing-bench-taught-us.md).
 */
export const TUNED = {
  /**
   * How much of the posterior's spread a draw uses: more explores too often where traffic is thin, less sticks to the
   * wrong connection where it is busy.
   */
  temperature: 0.4,
  /** Share of a segment's customers which, divided by its connections, is a connection's part at the least, … */
  trialShare: 0.01,
  /** … where that part is so many checkouts in ten minutes: fewer would tell nothing. */
  trialMinMade: 4,

  /**
   * How fast a chance drifts: what n outcomes tell is worth 1 / (1/n + DRIFT · seconds) a while later, as the variance of
   * a random walk grows. Busy cells forget old outcomes sooner than quiet ones, without a window to choose.
   */
  driftPerSecond: 2e-6,
  /** Bad news forgets faster, so that a recovered provider comes back. */
  badNewsHalfLifeMs: 3 * MINUTE,
  /** The fast mean is this far below the slow mean, … */
  badNewsGap: 0.06,
  /** … by so many standard deviations: bad news. With more, the last dozen bad outcomes stopped fading. */
  badNewsSurprise: 2,
  /** Standard deviations that chance does not explain. */
  surprise: 3,
  /** Fewer ends than this are no news, … */
  newsMinEnds: 6,
  /** … and what is remembered of fewer than about this is what the long run has. */
  newsPrior: 4,
  slowHalfLifeMs: 24 * 60 * MINUTE,
  /** Outcomes that the prior weighs as much as. */
  priorStrength: 20,
  /** Outcomes at which a connection's own slow mean, and its effect, count half. */
  shrinkage: 60,
  segmentShrinkage: 20,
  /** Checkouts, ended and given up, at which a connection's own completion counts half. */
  completionShrinkage: 200,
  /** Checkouts made in so long count together, … */
  generationMs: 2 * MINUTE,
  /** … and after so many generations those who have not ended count as gone. */
  generations: 5,
  /** Fewer than this share of a generation ended: the provider was silent. */
  silentShare: 0.2,
  /** A connection is silent when so many ends have failed to come that usually would have, … */
  silentEnds: 8,
  /** … for at least so long, … */
  silentAfterMs: 2 * MINUTE,
  /** … while so many checkouts were made lately, … */
  silentCreates: 10,
  /** … and then it gets one customer in so long, by whom its return is seen. */
  silentProbeMs: MINUTE,
  /** The share of customers who are expected to complete at a silent connection. */
  silentCompletion: 0.05,

  /** A create fails this often with a sound provider, and with one that is out: the breaker's two hypotheses. */
  errorRateSound: 0.005,
  errorRateOut: 0.9,
  /** Log-likelihood ratio at which the breaker opens: about three errors in a row. */
  openAt: 12,
  /** A probe after this long, and after twice as long each time it failed. */
  firstBackoffS: 10,
  maxBackoffS: 60,
  /** A create is overdue after so many times the usual latency, and not sooner than this. */
  overdueTimes: 3,
  overdueMinMs: 1500,
};
