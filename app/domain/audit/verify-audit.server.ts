import { createHash } from "node:crypto";
import type { SqlExecutor } from "~/db/database";
import type { Services } from "~/domain/services";

/** One merchant's chain as it was at some moment: keep it where the database's owner cannot write. */
export interface Anchor {
  position: number;
  /** Hex. */
  hash: string;
}
/** By merchant; all zeros is Kadosei's own chain. */
export type Anchors = Record<string, Anchor>;

export interface ChainReport {
  merchantId: string;
  name: string;
  entries: number;
  /** Null when there is no entry that could be one. */
  head: Anchor | null;
  /** What is wrong, each in a sentence that says where; empty when all holds. */
  problems: string[];
}

const OWN = "00000000-0000-0000-0000-000000000000";
const BATCH = 2_000;
/** A log of lies is a long list: the first ones say where to look. */
const MAX_PROBLEMS = 50;

/** What the hash of a line is over: what the migration's `audit_logs_content` says, and not asked of the database. */
const CONTENT = `jsonb_build_array('v1', position, id, merchant_id, actor_kind, actor_id, actor_label, action,
  target_type, target_id, target_label, before, after, ip, user_agent, request_id,
  (extract(epoch from created_at) * 1000)::bigint)::text`;

interface Line {
  id: string;
  position: bigint;
  hash: Uint8Array | null;
  previousHash: Uint8Array | null;
  content: string;
  at: Date;
}

/**
 * Computes every chain of the audit log anew, over one snapshot, also while servers write. Finds lines that were
 * changed, deleted, put in between, moved, or added past the log, and with `anchors` of an earlier run also a log
 * that was rewritten as a whole.
 */
export async function verifyAudit(
  { db }: Pick<Services, "db">,
  options: { anchors?: Anchors; onProgress?: (line: string) => void } = {},
): Promise<ChainReport[]> {
  const { anchors = {}, onProgress = () => undefined } = options;
  return db.transaction(async (tx) => {
    await tx.script("set transaction isolation level repeatable read read only");
    const chains = await tx.query<{ merchantId: string; name: string | null }>(
      `select c.id as "merchantId", m.name from (
         select distinct coalesce(merchant_id, '${OWN}') as id from audit_logs
         union select merchant_id from audit_heads union select unnest($1::uuid[])) c
       left join merchants m on m.id = c.id order by m.name nulls first, c.id`,
      [Object.keys(anchors)],
    );
    const reports: ChainReport[] = [];
    for (const { merchantId, name } of chains) {
      const label = name ?? (merchantId === OWN ? "Kadosei itself" : `merchant ${merchantId}`);
      onProgress(label);
      reports.push(await verifyChain(tx, { merchantId, name: label, anchor: anchors[merchantId] }));
    }
    return reports;
  });
}

const hex = (bytes: Uint8Array | null) => (bytes === null ? "nothing" : Buffer.from(bytes).toString("hex"));
const same = (a: Uint8Array | null, b: Uint8Array | null) =>
  a !== null && b !== null && Buffer.from(a).equals(Buffer.from(b));
const where = ({ position, id, at }: Line) => `line ${position} (${id}, ${at.toISOString()})`;

async function verifyChain(
  tx: SqlExecutor,
  { merchantId, name, anchor }: { merchantId: string; name: string; anchor: Anchor | undefined },
): Promise<ChainReport> {
  const problems: string[] = [];
  const found = (problem: string) => {
    if (problems.length < MAX_PROBLEMS) problems.push(problem);
    else if (problems.length === MAX_PROBLEMS) problems.push("and more");
  };
  const owner = merchantId === OWN ? "merchant_id is null" : "merchant_id = $1";
  const values = merchantId === OWN ? [] : [merchantId];

  const outside = await tx.query<{ id: string; at: Date }>(
    `select id, created_at as at from audit_logs where ${owner} and (position is null or position < 1)
      order by created_at limit ${MAX_PROBLEMS}`,
    values,
  );
  for (const { id, at } of outside) {
    found(`a line (${id}, ${at.toISOString()}) has no place in the chain: it was put in past the log`);
  }

  let entries = outside.length;
  let last: Line | null = null;
  let anchored = anchor === undefined;
  let after = { position: 0n, id: OWN };
  for (;;) {
    const lines: Line[] = await tx.query<Line>(
      `select id, position, hash, previous_hash as "previousHash", created_at as at, ${CONTENT} as content
       from audit_logs where ${owner} and (position, id) > ($${values.length + 1}::int8, $${values.length + 2}::uuid)
       order by position, id limit ${BATCH}`,
      [...values, after.position, after.id],
    );
    for (const line of lines) {
      entries += 1;
      checkLine(line, last, found);
      if (anchor !== undefined && Number(line.position) === anchor.position) {
        anchored = true;
        if (hex(line.hash) !== anchor.hash) {
          found(
            `${where(line)} is not the line that was there when the anchor was taken: the log was rewritten`,
          );
        }
      }
      last = line;
    }
    const end = lines.at(-1);
    if (end === undefined) break;
    after = end;
  }

  const [head] = await tx.query<{ position: bigint; hash: Uint8Array }>(
    "select position, hash from audit_heads where merchant_id = $1",
    [merchantId],
  );
  checkHead(head ?? null, last, found);
  if (!anchored) {
    found(`the log ends before line ${anchor?.position}, which was there when the anchor was taken`);
  }
  const end = last === null || last.hash === null ? null : last;
  return {
    merchantId,
    name,
    entries,
    head: end && { position: Number(end.position), hash: hex(end.hash) },
    problems,
  };
}

/** The line itself, and that it follows on the one before; after a fault the stored hash counts, so that one fault is told once. */
function checkLine(line: Line, before: Line | null, found: (problem: string) => void): void {
  const expected = (before?.position ?? 0n) + 1n;
  if (line.position === before?.position) found(`${where(line)} has the place of another: one was put in`);
  else if (line.position > expected) {
    const missing = line.position - expected;
    const which = missing === 1n ? `line ${expected} is` : `lines ${expected} to ${line.position - 1n} are`;
    found(`${which} missing, before ${where(line)}`);
  } else if (before === null ? line.previousHash?.length !== 0 : !same(line.previousHash, before.hash)) {
    found(`${where(line)} does not follow on the line before it: one of the two was replaced`);
  }
  const hash = createHash("sha256")
    .update(line.previousHash ?? "")
    .update(line.content, "utf8")
    .digest();
  if (!same(hash, line.hash)) found(`${where(line)} was changed after it was written`);
}

function checkHead(
  head: { position: bigint; hash: Uint8Array } | null,
  last: Line | null,
  found: (problem: string) => void,
): void {
  const end = last?.position ?? 0n;
  if (head === null) {
    if (last !== null) found("the chain's head is missing");
  } else if (head.position > end) {
    const missing = head.position - end;
    found(
      missing === 1n
        ? `line ${head.position}, the newest, is missing`
        : `lines ${end + 1n} to ${head.position}, the newest, are missing`,
    );
  } else if (head.position < end || (last !== null && !same(head.hash, last.hash))) {
    found(`the chain's head is at line ${head.position} and differs from the newest, line ${end}`);
  }
}
