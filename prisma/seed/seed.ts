import type { Database, SqlExecutor } from "~/db/database";
import { hashPassword } from "~/domain/users/password.server";
import type { Keyring } from "~/lib/crypto.server";
import { demoTestApiKey, insertApiKeys, planApiKeys } from "./api-keys";
import { insertApplications } from "./applications";
import { DAY, HISTORY } from "./calendar";
import { insertAuditLog, insertInvitations, insertNotices } from "./history";
import { insertPeople } from "./people";
import { createRandom } from "./random";
import { demoPassword, demoSignIns } from "./sign-ins";
import { runTraffic } from "./traffic";

/** How many sessions the demo has unless asked for another number. */
export const defaultSessions = 20_184;

export interface SeedOptions {
  sessions: number;
  now: Date;
  /** Public origin without a trailing slash, for the checkout addresses of sessions that are still open. */
  appUrl?: string;
  onProgress(message: string): void;
}

export interface SeedResult {
  signIns: { email: string; role: string }[];
  password: string;
  testApiKey: string;
  sessions: number;
}

/**
 * Fills an empty database with the demo merchant: people, three applications and `sessions` sessions over
 * the 90 days before `now` with everything that belongs to them. The same number
 * and moment give the same rows, but for what is secret. All in one transaction: a killed seed leaves
 * nothing. The caller has made sure that the database is empty.
 */
export async function seedDemo(
  database: Database,
  keyring: Keyring,
  options: SeedOptions,
): Promise<SeedResult> {
  const passwordHash = await hashPassword(demoPassword);
  await database.transaction((tx) => fill(tx, database.kind, withMemory(keyring), passwordHash, options));
  options.onProgress("Demo data is ready");
  return {
    signIns: demoSignIns.map(({ email, role }) => ({ email, role })),
    password: demoPassword,
    testApiKey: demoTestApiKey,
    sessions: options.sessions,
  };
}

async function fill(
  tx: SqlExecutor,
  kind: Database["kind"],
  keyring: Keyring,
  passwordHash: string,
  { sessions, now, appUrl = "http://localhost:3000", onProgress }: SeedOptions,
): Promise<void> {
  const random = createRandom(sessions);
  const nowMs = now.getTime();
  const createdMs = nowMs - HISTORY - 2 * DAY;
  if (kind === "embedded") {
    // Its owner is a superuser: no reference is checked row by row, which is half of the time.
    await tx.script("set local session_replication_role = replica");
  } else {
    await tx.script("set local statement_timeout = 0");
    await tx.script(counting("disable"));
  }

  const merchantId = random.id(createdMs);
  const people = await insertPeople(tx, merchantId, passwordHash, createdMs, appUrl, random);
  const authorIds = { owner: people.owner.id, developer: people.developer.id };
  const owner = { merchantId, authorIds };
  const { scopes, names } = await insertApplications(tx, owner, nowMs, createdMs, keyring, random);
  const apiKeys = planApiKeys(scopes, nowMs, keyring, random);
  const supportId = people.support.id;
  await runTraffic(tx, {
    merchantId,
    supportId,
    scopes,
    apiKeys,
    sessions,
    nowMs,
    appUrl,
    keyring,
    random,
    onProgress,
  });
  await insertApiKeys(tx, apiKeys, merchantId, people);
  const invitations = await insertInvitations(tx, merchantId, people, nowMs, random);
  const made = { people, scopes, names, apiKeys, invitations, createdMs, nowMs };
  // A trigger chains these lines.
  if (kind === "embedded") await tx.script("set local session_replication_role = origin");
  await insertAuditLog(tx, merchantId, made, random);
  await insertNotices(tx, merchantId, apiKeys, nowMs, random);

  onProgress("Counting");
  if (kind === "postgres") await tx.script(counting("enable"));
  await tx.query("select session_counters_rebuild(), duration_counters_rebuild()");
}

/** The triggers that count with every statement: of a bulk load it is counted once, at the end. */
const counting = (turn: "disable" | "enable") =>
  `alter table payment_sessions ${turn} trigger payment_sessions_counters;
   alter table payment_sessions ${turn} trigger payment_sessions_durations;
   alter table attempts ${turn} trigger attempts_durations`;

/** The derived keys are asked for with every session; deriving one costs more than a session's row. */
function withMemory(keyring: Keyring): Keyring {
  const derived = new Map<string, Uint8Array>();
  return {
    ...keyring,
    derive(purpose) {
      const known = derived.get(purpose) ?? keyring.derive(purpose);
      derived.set(purpose, known);
      return known;
    },
  };
}
