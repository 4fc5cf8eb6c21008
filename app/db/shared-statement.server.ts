import { storable } from "~/lib/storable-text";
import type { Database, SqlExecutor } from "./database";
import { errorCode } from "./retry.server";

/** So many statements of one text are under way at once: one is answered while PostgreSQL does the other. */
const AT_ONCE = 2;
/** Rows of one statement: all that come meanwhile, up to what is still quick. */
const MOST = 64;

/** Of one text and one database. */
interface Line<Row, Result> {
  waiting: Waiting<Row, Result>[];
  running: number;
  isScheduled: boolean;
}

interface Waiting<Row, Result> {
  row: Row;
  resolve(result: Result | undefined): void;
  reject(error: unknown): void;
}

/**
 * A statement that does for many rows what it does for one, and is sent once for all who ask while others of it are
 * under way: under load most of what a statement costs, in PostgreSQL and here, is not its rows. Each caller gets the
 * result that has his row's position, or undefined. In a transaction it runs at once, for that row alone.
 *
 * `text` takes the rows as $1, JSON for `json_to_recordset`, each with its position as `n`; its results have the `n`
 * of their rows. $2 is how many they are: `limit $2` tells the planner, which otherwise expects a hundred and reads
 * whole tables for them. Rows that another transaction has locked must not be waited for: everybody would wait.
 */
export function sharedStatement<Row extends object, Result extends object>(text: string) {
  const lines = new WeakMap<SqlExecutor, Line<Row, Result>>();

  async function run(db: SqlExecutor, rows: readonly Row[]): Promise<Map<number, Result>> {
    const values = [rowsAsJson(rows), rows.length];
    const results = await db.query<Result & { n: number }>(text, values, { prepare: true });
    return new Map(results.map((result) => [result.n, result]));
  }

  async function runFor(db: SqlExecutor, waiting: readonly Waiting<Row, Result>[]): Promise<void> {
    try {
      const results = await run(
        db,
        waiting.map(({ row }) => row),
      );
      for (const [n, { resolve }] of waiting.entries()) resolve(results.get(n));
    } catch (error) {
      // One row's fault undoes the whole statement: the others are done without it.
      if (waiting.length > 1 && isOneRowsFault(error))
        await Promise.all(waiting.map((each) => runFor(db, [each])));
      else for (const { reject } of waiting) reject(error);
    }
  }

  function start(db: SqlExecutor, line: Line<Row, Result>): void {
    line.isScheduled = false;
    while (line.running < AT_ONCE && line.waiting.length > 0) {
      line.running++;
      void runFor(db, line.waiting.splice(0, MOST)).finally(() => {
        line.running--;
        start(db, line);
      });
    }
  }

  return (db: SqlExecutor, row: Row): Promise<Result | undefined> => {
    if (!isDatabase(db)) return run(db, [row]).then((results) => results.get(0));
    const line = lines.get(db) ?? { waiting: [], running: 0, isScheduled: false };
    lines.set(db, line);
    return new Promise((resolve, reject) => {
      line.waiting.push({ row, resolve, reject });
      if (line.isScheduled || line.running >= AT_ONCE) return;
      line.isScheduled = true;
      // With whoever else asks in this turn of the event loop.
      setImmediate(start, db, line);
    });
  };
}

const isDatabase = (db: SqlExecutor): db is Database => "transaction" in db;

/** SQLSTATE classes 21 to 23: values that cannot be held, constraints that are broken, one row met twice. */
const isOneRowsFault = (error: unknown) => /^2[123]/.test(errorCode(error));

/** Escapes that JSON may have and PostgreSQL's text may not. */
const UNSTORABLE_ESCAPE = /\\u(?:0000|d[89a-f])/;

function rowsAsJson(rows: readonly object[]): string {
  const numbered = rows.map((row, n) => ({ n, ...row }));
  const text = JSON.stringify(numbered);
  if (!UNSTORABLE_ESCAPE.test(text)) return text;
  return JSON.stringify(numbered, (_, value: unknown) =>
    typeof value === "string" ? storable(value) : value,
  );
}
