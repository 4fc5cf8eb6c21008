// What routing adds to a create: reading the state that a decision needs, and deciding, as a create does it, against one
// empty statement on the same connections in the same run.
import { decide } from "../app/domain/routing/decide.server";
import { readSnapshot } from "../app/domain/routing/read-snapshot.server";
import type { Services } from "../app/domain/services";
import { newId } from "../app/lib/ids";

const CALLS = 3_000;
const REQUEST = { paymentMethod: "card", currency: "AUD", amount: 140.76, country: "AU" };

/** Milliseconds of one after the other. */
export interface RoutingShare {
  routing: { p50: number; p99: number };
  /** `select 1`: what any statement costs. */
  statement: { p50: number; p99: number };
  connections: number;
  cells: number;
}

export async function timeRouting(
  scope: { merchantId: string; applicationId: string; mode: "test" },
  services: Services,
): Promise<RoutingShare> {
  const own: number[] = [];
  const least: number[] = [];
  let connections = 0;
  let cells = 0;
  for (let call = 0; call < CALLS; call++) {
    const startedAt = performance.now();
    const { snapshot, settings } = await readSnapshot(scope, services);
    decide(snapshot, REQUEST, settings, newId(), services.clock.now().getTime());
    const decidedAt = performance.now();
    await services.db.query("select 1", [], { prepare: true });
    own.push(decidedAt - startedAt);
    least.push(performance.now() - decidedAt);
    connections = snapshot.connections.length;
    cells = snapshot.evidence.cells.length;
  }
  return { routing: quantiles(own), statement: quantiles(least), connections, cells };
}

function quantiles(values: number[]): { p50: number; p99: number } {
  const sorted = values.slice(values.length / 10).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}
