import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "~/db/database";
import { sharedStatement } from "~/db/shared-statement.server";
import { testDatabase } from "../../support/database";

interface Row {
  id: number;
  divisor: number;
  word: string;
}

let database: Database;
/** How many rows each statement had. */
let sent: number[];
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  await database.script("create table if not exists shared_words (id int primary key, word text)");
});
beforeEach(async () => {
  await database.script("delete from shared_words");
  sent = [];
  db = counted(database, (rows) => void sent.push(rows));
});

/** The database, telling of each statement's rows before it runs. */
function counted(of: Database, tell: (rows: number) => void): Database {
  return {
    ...of,
    query(text, values, options) {
      tell(Number(values?.[1]));
      return of.query(text, values, options);
    },
  };
}

const addWord = sharedStatement<Row, { word: string; quotient: number }>(
  `with given as materialized (
     select * from json_to_recordset($1::json) as r (n int, id int, divisor int, word text) limit $2
   ), added as (
     insert into shared_words (id, word) select id, word from given on conflict do nothing returning id, word
   )
   select n, word, 12 / divisor as quotient from added join given using (id, word)`,
);

const words = async () =>
  (await database.query<{ word: string }>("select word from shared_words order by id")).map(
    ({ word }) => word,
  );

describe("a shared statement", () => {
  it("is sent for all who ask meanwhile, and each gets the result of his row", async () => {
    const ids = Array.from({ length: 100 }, (_, id) => id);
    const results = await Promise.all(ids.map((id) => addWord(db, { id, divisor: 1, word: `w${id}` })));
    expect(results.map((result) => result?.word)).toEqual(ids.map((id) => `w${id}`));
    expect(sent.reduce((sum, rows) => sum + rows, 0)).toBe(100);
    expect(sent.length).toBeLessThan(10);
  });

  it("gives undefined to a row for which it did nothing, and one of several the same row", async () => {
    const same = await Promise.all(["a", "b", "c"].map((word) => addWord(db, { id: 1, divisor: 1, word })));
    expect(same.filter((result) => result !== undefined)).toHaveLength(1);
    expect(await addWord(db, { id: 1, divisor: 1, word: "d" })).toBeUndefined();
  });

  it("fails for the row that is at fault, and not for its company", async () => {
    const results = await Promise.allSettled(
      [1, 0, 2].map((divisor, id) => addWord(db, { id, divisor, word: `w${id}` })),
    );
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(results[1]).toMatchObject({ reason: { code: "22012" } });
    expect(await words()).toEqual(["w0", "w2"]);
    expect(sent).toEqual([3, 1, 1, 1]);
  });

  it("fails for all when the database is gone, which may have done it all the same, and runs again for who comes then", async () => {
    let isGone = true;
    const failing = counted(database, () => {
      if (isGone) throw Object.assign(new Error("gone"), { code: "ECONNRESET" });
    });
    const rows = [1, 2].map((id) => addWord(failing, { id, divisor: 1, word: "w" }));
    expect((await Promise.allSettled(rows)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    isGone = false;
    expect(await addWord(failing, { id: 3, divisor: 1, word: "later" })).toMatchObject({ word: "later" });
    expect(await words()).toEqual(["later"]);
  });

  it("belongs to a transaction that it is given, alone", async () => {
    const undone = database.transaction(async (tx) => {
      expect(await addWord(tx, { id: 1, divisor: 1, word: "undone" })).toMatchObject({ word: "undone" });
      throw new Error("no");
    });
    await expect(undone).rejects.toThrow("no");
    expect(await words()).toEqual([]);
  });

  it("stores U+FFFD for what PostgreSQL's text cannot hold", async () => {
    const asked = ["a\u0000b", "half \uD83D", "whole 😀", "\\u0000 in words"];
    const results = await Promise.all(asked.map((word, id) => addWord(db, { id, divisor: 1, word })));
    const stored = ["a\uFFFDb", "half \uFFFD", "whole 😀", "\\u0000 in words"];
    expect(results.map((result) => result?.word)).toEqual(stored);
    expect(await words()).toEqual(stored);
  });
});
