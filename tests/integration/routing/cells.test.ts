import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../support/database";
import { createShop } from "../../support/factories";
import { type TestServices, testServices, useServices } from "../../support/services";
import { endSession, makeSession } from "./support";

let services: TestServices;
let key: string;

beforeEach(async () => {
  services = await testServices();
  await resetDatabase(services.db);
  // Not at the edge of a generation.
  services.clock.set("2026-07-01T12:01:00Z");
  useServices(services);
  ({ fullKey: key } = await createShop(services));
});

const cells = () =>
  services.db.query<{ segment: string; generations: number[]; total: number }>(
    `select segment, generations, fast_total as total from routing_cells
      where generations <> '{}' or fast_total > 0 order by segment`,
  );

describe("the cells", () => {
  it("count a checkout when it is made and when it ends, whatever is delivered twice", async () => {
    const id = await makeSession(key, services);
    expect(await cells()).toEqual([{ segment: "card:AUD", generations: [1, 0, 0], total: 0 }]);
    services.clock.advance(2 * 60_000);
    await endSession(id, "SUCCEEDED", services);
    await endSession(id, "SUCCEEDED", services);
    expect(await cells()).toEqual([{ segment: "card:AUD", generations: [0, 0, 0, 1, 1, 1], total: 1 }]);
  });
});
