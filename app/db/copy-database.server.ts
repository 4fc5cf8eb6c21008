import { type Database, DatabaseStartError, type SqlExecutor } from "./database";

/** Rows of one read and one write: a few megabytes at the most, whatever they hold. */
const BATCH = 500;
/** Of the job queue only this: what waits to be done. pg-boss made the table itself. */
const JOBS = "pgboss.job";

interface Table {
  /** Quoted where it has to be, with its schema. */
  name: string;
  columns: { name: string; type: string }[];
}

export interface CopiedTable {
  name: string;
  rows: number;
}

/** All tables of the product that hold rows of their own, those that others refer to first. */
export async function tablesOf(db: Pick<SqlExecutor, "query">): Promise<Table[]> {
  const rows = await db.query<{ name: string; columns: Table["columns"]; parents: string[] }>(`
    select c.oid::regclass::text as name,
           (select jsonb_agg(jsonb_build_object('name', quote_ident(a.attname), 'type', format_type(a.atttypid, a.atttypmod))
                             order by a.attnum)
              from pg_attribute a
             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
           array(select f.confrelid::regclass::text from pg_constraint f
                  where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as parents
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where (n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> '_prisma_migrations')
        or c.oid = to_regclass('${JOBS}')
     order by 1`);
  const ordered: Table[] = [];
  const done = new Set<string>();
  const left = new Map(rows.map((row) => [row.name, row]));
  while (left.size > 0) {
    const free = [...left.values()].filter(({ parents }) =>
      parents.every((parent) => done.has(parent) || !left.has(parent)),
    );
    if (free.length === 0) throw new Error(`tables that refer to each other: ${[...left.keys()].join(", ")}`);
    for (const { name, columns } of free) {
      ordered.push({ name, columns });
      done.add(name);
      left.delete(name);
    }
  }
  return ordered;
}

/**
 * @throws DatabaseStartError unless the database is new, or a Kadosei's that holds nothing: a copy never goes
 * on top of anything.
 */
export async function requireEmpty(db: Database): Promise<void> {
  const tables = await tablesOf(db);
  const [own] = await db.query<{ exists: boolean }>(
    "select to_regclass('_prisma_migrations') is not null as exists",
  );
  const [first] = tables;
  if (first !== undefined && !own?.exists) {
    throw new DatabaseStartError(`the target is not empty: it has a table ${first.name} of something else`);
  }
  for (const { name } of tables) {
    const [row] = await db.query<{ filled: boolean }>(`select exists (select from ${name}) as filled`);
    if (row?.filled) throw new DatabaseStartError(`the target is not empty: ${name} has rows`);
  }
}

/** Count, and a sum over a hash of every row's text with the generated columns: equal where the rows are, in any order. */
export async function fingerprint(
  tx: Pick<SqlExecutor, "query">,
  table: Table,
): Promise<{ rows: number; checksum: string }> {
  const [row] = await tx.query<{ rows: bigint; checksum: string }>(
    `select count(*) as rows,
            coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::int8), 0)::text as checksum from ${table.name} t`,
  );
  return { rows: Number(row?.rows ?? 0), checksum: row?.checksum ?? "" };
}

/**
 * Copies everything from one database to another, which is empty and has the same migrations: all in one
 * transaction of each, so that the source stands still and the target has all of it or nothing. Verified by the count and a
 * checksum of each table before the commit. Resolves with what was copied.
 * @throws DatabaseStartError when the target is not empty or a table differs.
 */
export async function copyDatabase(
  from: Database,
  to: Database,
  onProgress: (line: string) => void,
): Promise<CopiedTable[]> {
  await requireEmpty(to);
  const tables = await tablesOf(from);
  const there = new Set((await tablesOf(to)).map(({ name }) => name));
  const missing = tables.find(({ name }) => !there.has(name));
  if (missing) throw new DatabaseStartError(`the target has no table ${missing.name}`);

  return from.transaction((source) =>
    to.transaction(async (target) => {
      // A large table takes longer than any statement of a request may.
      for (const tx of [source, target])
        await tx.script("set local statement_timeout = 0; set local timezone = 'UTC'");
      // The counters and the audit log come as they are, not as what the triggers would make of the rows.
      const own = tables.filter(({ name }) => name !== JOBS);
      for (const { name } of own) await target.script(`alter table ${name} disable trigger user`);
      const copied: CopiedTable[] = [];
      for (const table of tables) {
        const expected = await fingerprint(source, table);
        await copyTable(source, target, table, (rows) =>
          onProgress(
            `  ${table.name}: ${rows.toLocaleString("en")} of ${expected.rows.toLocaleString("en")}`,
          ),
        );
        const found = await fingerprint(target, table);
        if (found.rows !== expected.rows || found.checksum !== expected.checksum) {
          throw new DatabaseStartError(
            `${table.name} differs after the copy (${expected.rows} rows, ${found.rows} there): nothing was kept`,
          );
        }
        copied.push({ name: table.name, rows: expected.rows });
        if (expected.rows > 0)
          onProgress(`✓ ${table.name}: ${expected.rows.toLocaleString("en")} rows, checksums equal`);
      }
      for (const { name } of own) await target.script(`alter table ${name} enable trigger user`);
      return copied;
    }),
  );
}

/** Progress is a thing of tables that take a while. */
const TELL_EVERY = 20_000;

async function copyTable(
  source: SqlExecutor,
  target: SqlExecutor,
  { name, columns }: Table,
  onProgress: (rows: number) => void,
): Promise<void> {
  const names = columns.map((column) => column.name).join(", ");
  const texts = columns.map((column, index) => `${column.name}::text as c${index}`).join(", ");
  // Every value as text, which both ends write and read alike, whatever its type.
  const insert = `insert into ${name} (${names}) select ${columns.map(({ type }, index) => `c${index}::${type}`).join(", ")}
    from unnest(${columns.map((_, index) => `$${index + 1}::text[]`).join(", ")}) as rows (${columns.map((_, index) => `c${index}`).join(", ")})`;
  await source.script(`declare copied no scroll cursor for select ${texts} from ${name}`);
  let done = 0;
  for (;;) {
    const rows = await source.query<Record<string, string | null>>(`fetch ${BATCH} from copied`);
    if (rows.length === 0) break;
    await target.query(
      insert,
      columns.map((_, index) => rows.map((row) => row[`c${index}`] ?? null)),
    );
    done += rows.length;
    if (Math.floor(done / TELL_EVERY) > Math.floor((done - rows.length) / TELL_EVERY)) onProgress(done);
  }
  await source.script("close copied");
}
