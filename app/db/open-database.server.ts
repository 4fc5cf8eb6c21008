import type { Database } from "./database";
import { openEmbedded } from "./embedded.server";
import { openPostgres } from "./postgres.server";

export { DatabaseStartError } from "./database";

export interface OpenDatabaseOptions {
  /** PostgreSQL's URL; undefined is the embedded database in `dataDir`. */
  databaseUrl?: string | undefined;
  dataDir: string;
  /** Connections at most; the embedded database is always one. */
  poolSize: number;
  /** The server ends a statement that runs longer; 0 never does. The embedded database has no such clock. */
  statementTimeoutMs: number;
  log(message: string): void;
  onProgress?(message: string): void;
}

/**
 * Opens the one database of this process; `migrate` (migrate.server.ts) then brings its schema up to date.
 * @throws DatabaseStartError, whose message is one clear line, when it cannot be opened.
 */
export function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const { databaseUrl } = options;
  return databaseUrl === undefined ? openEmbedded(options) : openPostgres({ ...options, databaseUrl });
}
