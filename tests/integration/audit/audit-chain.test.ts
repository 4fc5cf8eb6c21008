import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import { verifyAudit } from "~/domain/audit/verify-audit.server";
import { resetDatabase } from "../../support/database";
import { createMerchant, createShop } from "../../support/factories";
import { type TestServices, testServices } from "../../support/services";

let services: TestServices;
let merchantId: string;
let name: string;

beforeAll(async () => {
  services = await testServices();
});
beforeEach(async () => {
  await resetDatabase(services.db);
  const merchant = await createMerchant(services);
  merchantId = merchant.id;
  name = merchant.name;
});

const write = (label: string, merchant: string | null = merchantId) =>
  recordAudit(
    services.db,
    systemActor,
    {
      action: "thing.changed",
      targetType: "thing",
      targetLabel: label,
      before: { amount: 1.5, nested: { list: [1, "two", null] }, text: 'ü"\\ 日本' },
      after: { amount: 2 },
      merchantId: merchant,
    },
    services.clock.now(),
  );
async function writeMany(count: number): Promise<void> {
  for (let index = 0; index < count; index++) await write(`thing ${index}`);
}
/** What nobody but the database's owner can do, and then only past the triggers. */
async function tamper(sql: string): Promise<void> {
  await services.db.script(`
    alter table audit_logs disable trigger user;
    ${sql.replaceAll("$merchant", `'${merchantId}'`)};
    alter table audit_logs enable trigger user;`);
}
async function problems(anchors = {}): Promise<string[]> {
  const reports = await verifyAudit(services, { anchors });
  return reports.flatMap((report) => report.problems.map((problem) => `${report.name}: ${problem}`));
}
const positions = async (merchant: string) =>
  (
    await services.db.query<{ position: bigint }>(
      "select position from audit_logs where merchant_id = $1 order by position",
      [merchant],
    )
  ).map(({ position }) => Number(position));

describe("the table", () => {
  it.each([
    "update audit_logs set action = 'x'",
    "update audit_logs set action = 'x' where false",
    "delete from audit_logs",
    "truncate audit_logs",
  ])("refuses: %s", async (sql) => {
    await expect(services.db.query(sql)).rejects.toThrow(/audit_logs is append only/);
    expect(await services.db.prisma.auditLog.count()).toBe(1);
  });
});

describe("the chain", () => {
  it("has a place without gaps for every line, by merchant, and holds", async () => {
    const other = await createShop(services);
    await writeMany(3);
    await write("Kadosei's own", null);
    expect(await positions(merchantId)).toEqual([1, 2, 3, 4]);
    const reports = await verifyAudit(services);
    expect(reports.map((report) => [report.name, report.entries, report.problems])).toEqual(
      expect.arrayContaining([
        ["Kadosei itself", 1, []],
        [name, 4, []],
        [other.merchant.name, expect.any(Number), []],
      ]),
    );
  });

  it("has none of a transaction that failed", async () => {
    await services.db
      .transaction(async (tx) => {
        await recordAudit(
          tx,
          systemActor,
          { action: "a.b", targetType: "a", merchantId },
          services.clock.now(),
        );
        throw new Error("no");
      })
      .catch(() => undefined);
    await write("after");
    expect(await positions(merchantId)).toEqual([1, 2]);
    expect(await problems()).toEqual([]);
  });

  it("is whole after many writers at once", async () => {
    const other = (await createMerchant(services)).id;
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        write(`at once ${index}`, index % 3 === 0 ? other : merchantId),
      ),
    );
    expect(await positions(merchantId)).toEqual(Array.from({ length: 41 }, (_, index) => index + 1));
    expect(await problems()).toEqual([]);
  });
});

describe("audit:verify", () => {
  beforeEach(() => writeMany(5));

  it.each(["actor_label = 'Somebody else'", "created_at = created_at - interval '1 day'", "before = '{}'"])(
    "finds a line with %s, and says which",
    async (change) => {
      await tamper(`update audit_logs set ${change} where merchant_id = $merchant and position = 3`);
      expect(await problems()).toEqual([
        expect.stringMatching(new RegExp(`^${name}: line 3 \\(.*\\) was changed after it was written$`)),
      ]);
    },
  );

  it("finds a line that was changed with a hash that fits it", async () => {
    await tamper(`update audit_logs a set action = 'x.y' where merchant_id = $merchant and position = 3;
      update audit_logs a set hash = sha256(previous_hash || convert_to(audit_logs_content(a), 'UTF8'))
        where merchant_id = $merchant and position = 3`);
    expect(await problems()).toEqual([
      expect.stringMatching(/line 4 .* does not follow on the line before it/),
    ]);
  });

  it("finds deleted lines: in the middle, the first, the newest", async () => {
    await tamper("delete from audit_logs where merchant_id = $merchant and position in (1, 3, 4)");
    expect(await problems()).toEqual([
      expect.stringMatching(/line 1 is missing, before line 2/),
      expect.stringMatching(/lines 3 to 4 are missing, before line 5/),
    ]);
    await tamper("delete from audit_logs where merchant_id = $merchant and position >= 5");
    expect((await problems()).at(-1)).toMatch(/lines 3 to 6, the newest, are missing/);
  });

  it("finds a log that was emptied", async () => {
    await tamper("delete from audit_logs where merchant_id = $merchant");
    expect(await problems()).toEqual([`${name}: lines 1 to 6, the newest, are missing`]);
  });

  it("finds a line that was put in past the log", async () => {
    await tamper(`insert into audit_logs (id, merchant_id, actor_kind, actor_label, action, target_type)
      values (gen_random_uuid(), $merchant, 'system', 'Kadosei', 'x.y', 'x')`);
    expect(await problems()).toEqual([expect.stringMatching(/has no place in the chain/)]);
  });

  it("finds a line that took another's place, and one behind the end", async () => {
    await tamper(`drop index audit_logs_merchant_id_position_key;
      insert into audit_logs (id, merchant_id, actor_kind, actor_label, action, target_type, position, previous_hash, hash)
        select gen_random_uuid(), merchant_id, 'system', 'Kadosei', 'x.y', 'x', p, previous_hash, hash
          from audit_logs, unnest(array[2, 7]) p where merchant_id = $merchant and position = 2`);
    try {
      const found = (await problems()).join("\n");
      expect(found).toMatch(/line 2 .* has the place of another/);
      expect(found).toMatch(/line 7 .* does not follow on the line before it/);
      expect(found).toMatch(/head is at line 6 and differs from the newest, line 7/);
    } finally {
      await tamper("delete from audit_logs where position = 7 or (position = 2 and action = 'x.y')");
      await services.db.script(
        "create unique index audit_logs_merchant_id_position_key on audit_logs (merchant_id, position)",
      );
    }
  });

  it("finds with an anchor what was rewritten as a whole, and what was cut off", async () => {
    const reports = await verifyAudit(services);
    const anchors = Object.fromEntries(reports.map(({ merchantId: id, head }) => [id, head]));
    await writeMany(2);
    expect(await problems(anchors)).toEqual([]);
    // All of it anew, with hashes that fit, as an owner of the database can.
    await tamper(`delete from audit_heads where merchant_id = $merchant;
      update audit_logs set actor_label = 'Somebody else' where merchant_id = $merchant and position = 2;
      do $$ declare entry audit_logs; so_far bytea := ''; begin
        for entry in select * from audit_logs where merchant_id = $merchant order by position loop
          entry.previous_hash := so_far;
          so_far := sha256(so_far || convert_to(audit_logs_content(entry), 'UTF8'));
          update audit_logs set previous_hash = entry.previous_hash, hash = so_far where id = entry.id;
          delete from audit_heads where merchant_id = entry.merchant_id;
          insert into audit_heads values (entry.merchant_id, entry.position, so_far);
        end loop; end $$`);
    expect(await problems()).toEqual([]);
    expect(await problems(anchors)).toEqual([expect.stringMatching(/line 6 .* the log was rewritten/)]);
    await tamper(
      "delete from audit_logs where merchant_id = $merchant; delete from audit_heads where merchant_id = $merchant",
    );
    expect(await problems()).toEqual([]);
    expect(await problems(anchors)).toEqual([
      `${name}: the log ends before line 6, which was there when the anchor was taken`,
    ]);
  });
});
