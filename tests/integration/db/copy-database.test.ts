import { beforeAll, describe, expect, it } from "vitest";
import { copyDatabase, requireEmpty } from "~/db/copy-database.server";
import type { Database } from "~/db/database";
import { createJobQueue } from "~/jobs/queue.server";
import { seedDemo } from "../../../prisma/seed/seed";
import { emptyDatabase, freshDatabase } from "../../support/database";
import { type TestServices, testServices } from "../../support/services";

let source: Database;
let services: TestServices;

beforeAll(async () => {
  source = await freshDatabase();
  services = await testServices({ db: source });
  await seedDemo(source, services.keyring, {
    sessions: 60,
    now: services.clock.now(),
    appUrl: "http://localhost:3999",
    onProgress: () => undefined,
  });
  const queue = createJobQueue(source, services.log);
  await queue.start(null);
  await source.transaction((tx) => queue.enqueue(tx, "apply-provider-event", { inboundEventId: "waiting" }));
  await queue.stop(1_000);
}, 60_000);

async function target(): Promise<Database> {
  const db = await freshDatabase();
  const queue = createJobQueue(db, services.log);
  await queue.start(null);
  await queue.stop(1_000);
  return db;
}

const sessionsIn = (db: Database) => db.query("select * from payment_sessions order by id");

describe("copying a database", () => {
  it("brings every row, the audit log, the counters and the waiting jobs", async () => {
    const to = await target();
    const lines: string[] = [];
    const tables = await copyDatabase(source, to, (line) => lines.push(line));
    const rowsOf = (name: string) => tables.find((table) => table.name === name)?.rows ?? 0;
    expect(rowsOf("payment_sessions")).toBe(60);
    for (const name of ["audit_logs", "session_counters", "webhook_deliveries", "api_request_logs", "users"])
      expect(rowsOf(name), name).toBeGreaterThan(0);
    expect(rowsOf("pgboss.job")).toBe(1);
    expect(lines).toContain("✓ payment_sessions: 60 rows, checksums equal");
    expect(await sessionsIn(to)).toEqual(await sessionsIn(source));
    // The triggers are on again.
    await expect(to.query("delete from audit_logs")).rejects.toThrow(/append only/);
    await to.query(
      "delete from payment_sessions where id = (select min(id::text)::uuid from payment_sessions)",
    );
    const [counted] = await to.query<{ n: bigint }>(
      "select sum(sessions)::int8 as n from session_counters where grain = 'month'",
    );
    expect(counted?.n).toBe(59n);
  }, 60_000);

  it("leaves a target that holds anything alone", async () => {
    const to = await target();
    await to.query("insert into rate_limits (key, points, expire) values ('someone', 1, 1)");
    await expect(copyDatabase(source, to, () => undefined)).rejects.toThrow(
      "the target is not empty: rate_limits has rows",
    );
    expect(await sessionsIn(to)).toEqual([]);
    const foreign = await emptyDatabase();
    await requireEmpty(foreign);
    await foreign.script("create table films (id int)");
    await expect(requireEmpty(foreign)).rejects.toThrow("it has a table films of something else");
  });

  it("keeps nothing of a copy that does not equal its source", async () => {
    const to = await target();
    // Something on the way that changes a value without an error.
    await to.script(`
      create function spoil() returns trigger language plpgsql as $$ begin new.name := new.name || '!'; return new; end $$;
      create trigger spoil before insert on merchants for each row execute function spoil();
      alter table merchants enable always trigger spoil;
    `);
    const spoiling: Database = {
      ...to,
      transaction: (work) =>
        to.transaction((tx) =>
          work({
            ...tx,
            script: (text) => (text.includes("merchants disable") ? Promise.resolve() : tx.script(text)),
          }),
        ),
    };
    await expect(copyDatabase(source, spoiling, () => undefined)).rejects.toThrow(/^merchants differs/);
    expect(await to.query("select * from merchants")).toEqual([]);
  });
});
