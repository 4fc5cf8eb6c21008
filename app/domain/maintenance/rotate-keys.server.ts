import type { Services } from "~/domain/services";

/**
 * Every column that the key ring encrypts; each value is bound to its row's id. A test compares this list with
 * the columns that the schema calls `…_encrypted`.
 */
export const encryptedColumns = [
  ["provider_connections", "credentials_encrypted"],
  ["provider_connections", "webhook_secret_encrypted"],
  ["webhook_endpoints", "secret_encrypted"],
  ["webhook_endpoints", "previous_secret_encrypted"],
  ["applications", "callback_secret_encrypted"],
  ["applications", "previous_callback_secret_encrypted"],
  ["users", "totp_secret_encrypted"],
] as const;

const BATCH = 100;

export interface RotationResult {
  /** Values that were encrypted anew. */
  rotated: number;
  /** "table.column of id", for each value that no secret of the ring opens. */
  unreadable: string[];
}

interface Value {
  id: string;
  ciphertext: Uint8Array;
}

/**
 * Encrypts everything at rest anew under the ring's first secret (docs/rotating-keys.md), in batches of 100
 * rows, each row on its own: it can be stopped at any moment and started again, and runs beside servers, whose
 * newer value is never overwritten. Then opens every value once more, as the final check.
 */
export async function rotateKeys(
  services: Pick<Services, "db" | "keyring">,
  options: { onProgress?: (line: string) => void } = {},
): Promise<RotationResult> {
  const onProgress = options.onProgress ?? (() => undefined);
  let rotated = 0;
  for (const [table, column] of encryptedColumns) {
    rotated += await rotateColumn(table, column, services, onProgress);
  }
  onProgress("Opening everything once more");
  const unreadable: string[] = [];
  for (const [table, column] of encryptedColumns) {
    for await (const values of batches(table, column, false, services)) {
      for (const { id, ciphertext } of values) {
        if (!services.keyring.isCurrent(ciphertext) || open(services, ciphertext, id) === null) {
          unreadable.push(`${table}.${column} of ${id}`);
        }
      }
    }
  }
  return { rotated, unreadable };
}

async function rotateColumn(
  table: string,
  column: string,
  services: Pick<Services, "db" | "keyring">,
  onProgress: (line: string) => void,
): Promise<number> {
  let rotated = 0;
  for await (const values of batches(table, column, true, services)) {
    for (const { id, ciphertext } of values) {
      const plaintext = open(services, ciphertext, id);
      if (plaintext === null) continue;
      // Only what was read: a server may have stored a new secret meanwhile.
      const changed = await services.db.query(
        `update ${table} set ${column} = $3 where id = $1 and ${column} = $2 returning id`,
        [id, ciphertext, services.keyring.encrypt(plaintext, id)],
      );
      rotated += changed.length;
    }
    onProgress(`  ${table}.${column}: ${rotated} rewritten`);
  }
  return rotated;
}

/** The values of a column in the order of their rows' ids; with `old` only those of other secrets than the first. */
async function* batches(
  table: string,
  column: string,
  old: boolean,
  { db, keyring }: Pick<Services, "db" | "keyring">,
): AsyncGenerator<Value[]> {
  const prefix = keyring.currentPrefix;
  let after = "00000000-0000-0000-0000-000000000000";
  for (;;) {
    const values = await db.query<Value>(
      `select id, ${column} as ciphertext from ${table}
        where ${column} is not null and id > $1 and ($2 or substring(${column} from 1 for ${prefix.length}) <> $3)
        order by id limit ${BATCH}`,
      [after, !old, prefix],
    );
    const last = values.at(-1);
    if (last === undefined) return;
    yield values;
    after = last.id;
  }
}

function open(
  { keyring }: Pick<Services, "keyring">,
  ciphertext: Uint8Array,
  context: string,
): string | null {
  try {
    return keyring.decrypt(ciphertext, context);
  } catch {
    return null;
  }
}
