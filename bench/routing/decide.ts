import { newHealth } from "../../app/domain/routing/breaker";
import { decide, defaultSettings, type RoutingConnection } from "../../app/domain/routing/decide.server";
import { addMade, addOutcome, type Cell, emptyCell, gatherEvidence } from "../../app/domain/routing/estimate";
import { generator } from "./random";

export interface DecideTimes {
  connections: number;
  p50Us: number;
  p99Us: number;
  /** Median of what is done once for all who read a snapshot together: gathering what its cells say. */
  gatherP50Us: number;
  /** Median over that of the least there is to do: as many candidates sorted by a random number. */
  ratio: number;
}

const CONNECTIONS = 20;
const SEGMENTS = ["card:AUD", "card:EUR", "card:USD", "wallet:AUD", "wallet:EUR", "bank_transfer:AUD"];
const CALLS = 20_000;
/** So many decisions between two reads. */
const PER_SNAPSHOT = 50;
const NOW = Date.parse("2026-11-21T00:00:00Z");

/** Times `decide` in this process, each call on its own, with a snapshot that changes as an instance's does. */
export function timeDecide(): DecideTimes {
  const random = generator(7);
  const ids = Array.from(
    { length: CONNECTIONS },
    (_, n) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`,
  );
  const connections = ids.map(
    (connectionId, n): RoutingConnection => ({
      connectionId,
      provider: `provider-${n}`,
      ...{ isActive: true, hasAdapter: true, hasCredentials: true },
      paymentMethods: ["card", "wallet", "bank_transfer"],
      currencies: ["AUD", "EUR", "USD"],
      countries: [],
      fees: [{ percent: 1.75, fixed: 0.3, currency: "AUD" }],
      health: newHealth(NOW),
    }),
  );
  const cells = ids.flatMap((id) =>
    SEGMENTS.map((segment) => {
      let cell: Cell = emptyCell(id, segment, NOW);
      for (let n = 0; n < 50; n++) {
        cell = addMade(cell, NOW, NOW);
        cell = addOutcome(cell, random() < 0.9 ? "PAID" : "DECLINED", NOW, NOW);
      }
      return cell;
    }),
  );
  const request = { paymentMethod: "card", currency: "AUD", amount: 140.76, country: null };
  const own: number[] = [];
  const least: number[] = [];
  const gathering: number[] = [];
  let evidence = gatherEvidence(cells, NOW);
  for (let call = 0; call < CALLS; call++) {
    const nowMs = NOW + call * 20;
    if (call % PER_SNAPSHOT === 0) {
      const read = performance.now();
      evidence = gatherEvidence(cells, nowMs);
      gathering.push(performance.now() - read);
    }
    const session = `0199a${call}-0000-7000-8000-000000000000`;
    const started = performance.now();
    decide({ connections, evidence }, request, defaultSettings, session, nowMs);
    const decided = performance.now();
    connections.map((connection) => ({ connection, key: random() })).sort((a, b) => b.key - a.key);
    least.push(performance.now() - decided);
    own.push(decided - started);
  }
  const at = (times: number[], share: number) =>
    1000 * ([...times].sort((a, b) => a - b)[Math.floor(share * times.length)] ?? 0);
  // The first calls are the compiler's.
  const [warm, warmLeast] = [own.slice(CALLS / 10), least.slice(CALLS / 10)];
  return {
    connections: CONNECTIONS,
    p50Us: at(warm, 0.5),
    p99Us: at(warm, 0.99),
    gatherP50Us: at(gathering, 0.5),
    ratio: at(warm, 0.5) / at(warmLeast, 0.5),
  };
}
