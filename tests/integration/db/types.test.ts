import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Database, json } from "~/db/database";
import { resetDatabase, testDatabase } from "../../support/database";

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
beforeEach(() => resetDatabase(database));

const at = new Date("2026-11-21T10:20:30.456Z");

describe("raw values", () => {
  it.each([
    ["int8", 9_007_199_254_740_993n, 9_007_199_254_740_993n],
    ["int4", 42, 42],
    ["int2", -3, -3],
    ["float8", 0.1, 0.1],
    ["numeric", "12345678901234567890.12", "12345678901234567890.12"],
    ["bool", false, false],
    ["text", 'quo"te, {brace} \\ back', 'quo"te, {brace} \\ back'],
    ["char(3)", "KES", "KES"],
    ["uuid", "0190f6a0-0000-7000-8000-000000000001", "0190f6a0-0000-7000-8000-000000000001"],
    ["timestamptz", at, at],
    ["timestamptz", "2026-11-21 13:20:30.456+03", at],
    ["date", "2026-11-21", "2026-11-21"],
    ["bytea", new Uint8Array([0, 1, 254, 255]), new Uint8Array([0, 1, 254, 255])],
    ["jsonb", { a: [1, "x", null], b: { c: true } }, { a: [1, "x", null], b: { c: true } }],
    ["jsonb", json([{ percent: "1.5" }]), [{ percent: "1.5" }]],
    ["jsonb", json("text"), "text"],
    ["jsonb", json(null), null],
    ["text[]", ["a", 'b,"c"', "", "NULL", "{}"], ["a", 'b,"c"', "", "NULL", "{}"]],
    ["text[]", [], []],
    ["text[]", ["a", null], ["a", null]],
    ["int8[]", [1n, 2n], [1n, 2n]],
    ["int4[]", [1, 2], [1, 2]],
    ["bool[]", [true, false], [true, false]],
    ["uuid[]", ["0190f6a0-0000-7000-8000-000000000001"], ["0190f6a0-0000-7000-8000-000000000001"]],
    ["timestamptz[]", [at], [at]],
    ["bytea[]", [new Uint8Array([7, 8])], [new Uint8Array([7, 8])]],
    ["jsonb[]", [{ a: 1 }, { a: '"' }], [{ a: 1 }, { a: '"' }]],
    [
      "int4[][]",
      [
        [1, 2],
        [3, 4],
      ],
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["session_status", "PENDING", "PENDING"],
    ["session_status[]", ["PENDING", "SUCCEEDED"], ["PENDING", "SUCCEEDED"]],
    ["text", null, null],
  ])("%s goes in and comes back (%#)", async (type, value, expected) => {
    const [row] = await database.query<{ value: unknown }>(`select $1::${type} as value`, [value as never]);
    if (expected instanceof Uint8Array) {
      expect(row!.value).toBeInstanceOf(Uint8Array);
      expect(Buffer.from(row!.value as Uint8Array)).toEqual(Buffer.from(expected));
    } else if (type === "bytea[]") {
      expect((row!.value as Uint8Array[]).map((item) => [...item])).toEqual([[7, 8]]);
    } else expect(row!.value).toEqual(expected);
  });

  it("uses arrays of enums and texts in conditions", async () => {
    const [row] = await database.query(
      "select 'FAILED'::session_status = any($1::session_status[]) as status, 'b' = any($2) as text",
      [
        ["FAILED", "EXPIRED"],
        ["a", "b"],
      ],
    );
    expect(row).toEqual({ status: true, text: true });
  });

  it("keeps the parameters out of its errors", async () => {
    const error = await database.query("select $1::text, 1/0", ["s3cret"]).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect(error).toMatchObject({ code: "22012" });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("s3cret");
  });

  it("counts as bigint, and prepared statements answer like others", async () => {
    for (let round = 0; round < 3; round++) {
      const rows = await database.query("select count(*) as n, $1::int as x from users", [round], {
        prepare: true,
      });
      expect(rows).toEqual([{ n: 0n, x: round }]);
    }
  });
});

describe("raw and Prisma on one database", () => {
  it("read each other's rows alike", async () => {
    const id = randomUUID();
    const merchantId = randomUUID();
    await database.prisma.merchant.create({ data: { id: merchantId, name: "M", createdAt: at } });
    await database.query(
      `insert into applications (id, merchant_id, name, created_at, callback_secret_encrypted)
       values ($1, $2, 'A', $3, $4)`,
      [id, merchantId, at, new Uint8Array([1, 2, 3])],
    );
    const connectionId = randomUUID();
    const created = await database.prisma.providerConnection.create({
      data: {
        id: connectionId,
        merchantId,
        applicationId: id,
        mode: "test",
        provider: "stripe",
        paymentMethods: ["card", "mpesa_stk"],
        currencies: ["KES"],
        fees: [{ percent: "2.9", fixed: "0.30", currency: "USD" }],
        createdAt: at,
      },
    });
    expect(created.countries).toEqual([]);

    const [raw] = await database.query(
      `select c.mode, c.payment_methods as "paymentMethods", c.fees, c.created_at as "createdAt",
              a.created_at as "applicationCreatedAt"
       from provider_connections c join applications a on a.id = c.application_id`,
    );
    expect(raw).toEqual({
      mode: "test",
      paymentMethods: ["card", "mpesa_stk"],
      fees: [{ percent: "2.9", fixed: "0.30", currency: "USD" }],
      createdAt: at,
      applicationCreatedAt: at,
    });
    const application = await database.prisma.application.findUniqueOrThrow({ where: { id } });
    expect(application.createdAt).toEqual(at);
    expect([...application.callbackSecretEncrypted!]).toEqual([1, 2, 3]);
  });

  it("names the unique constraint that a duplicate hits", async () => {
    const data = { id: randomUUID(), email: "a@b.c", firstName: "A", lastName: "B", passwordHash: "x" };
    await database.prisma.user.create({ data });
    await expect(database.prisma.user.create({ data: { ...data, id: randomUUID() } })).rejects.toMatchObject({
      code: "P2002",
    });
    await expect(
      database.query(
        "insert into users (id, email, first_name, last_name, password_hash) values ($1, 'a@b.c', 'A', 'B', 'x')",
        [randomUUID()],
      ),
    ).rejects.toMatchObject({ code: "23505" });
  });
});

describe("transactions", () => {
  const names = () =>
    database.prisma.merchant.findMany({ orderBy: { name: "asc" } }).then((all) => all.map((m) => m.name));
  const insert = "insert into merchants (id, name) values ($1, $2)";

  it("commit together", async () => {
    const result = await database.transaction(async (tx) => {
      await tx.query(insert, [randomUUID(), "a"]);
      await tx.query(insert, [randomUUID(), "b"]);
      return 7;
    });
    expect(result).toBe(7);
    expect(await names()).toEqual(["a", "b"]);
  });

  it("roll back when the work throws, and the connection goes on", async () => {
    await expect(
      database.transaction(async (tx) => {
        await tx.query(insert, [randomUUID(), "a"]);
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    expect(await names()).toEqual([]);
  });

  it("do not report success when a swallowed error rolled them back", async () => {
    await expect(
      database.transaction(async (tx) => {
        await tx.query(insert, [randomUUID(), "a"]);
        await tx.query("select 1/0").catch(() => undefined);
      }),
    ).rejects.toThrow();
    expect(await names()).toEqual([]);
  });

  it("run again after a serialisation failure, a bounded number of times", async () => {
    let tries = 0;
    const fail = "do $$ begin raise exception 'conflict' using errcode = '40001'; end $$";
    await database.transaction(async (tx) => {
      tries++;
      await tx.query(insert, [randomUUID(), `try ${tries}`]);
      if (tries < 3) await tx.script(fail);
    });
    expect(tries).toBe(3);
    expect(await names()).toEqual(["try 3"]);

    tries = 0;
    await expect(
      database.transaction(async (tx) => {
        tries++;
        await tx.script(fail);
      }),
    ).rejects.toMatchObject({ code: "40001" });
    expect(tries).toBe(6);
  });

  it("work through Prisma, interactive and rolled back", async () => {
    await database.prisma.$transaction(async (tx) => {
      await tx.merchant.create({ data: { id: randomUUID(), name: "a" } });
      await tx.merchant.create({ data: { id: randomUUID(), name: "b" } });
    });
    await expect(
      database.prisma.$transaction(async (tx) => {
        await tx.merchant.create({ data: { id: randomUUID(), name: "c" } });
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    const id = randomUUID();
    await expect(
      database.prisma.$transaction([
        database.prisma.merchant.create({ data: { id, name: "d" } }),
        database.prisma.merchant.create({ data: { id, name: "e" } }),
      ]),
    ).rejects.toMatchObject({ code: "P2002" });
    expect(await names()).toEqual(["a", "b"]);
  });

  it("survive their connection being killed (PostgreSQL)", async () => {
    if (database.kind === "embedded") return;
    let tries = 0;
    await database.transaction(async (tx) => {
      tries++;
      await tx.query(insert, [randomUUID(), `try ${tries}`]);
      if (tries === 1) await tx.query("select pg_terminate_backend(pg_backend_pid())");
    });
    expect(tries).toBe(2);
    expect(await names()).toEqual(["try 2"]);
  });

  it("answers a ping", async () => {
    await database.ping();
  });
});
