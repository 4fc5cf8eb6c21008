import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { Database } from "~/db/database";
import { migrate } from "~/db/migrate.server";
import { DatabaseStartError, openDatabase } from "~/db/open-database.server";

// reliability.md, "Embedded database": each trap, with real processes.

const folders: string[] = [];
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newDataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), "kadosei-embedded-"));
  folders.push(folder);
  return folder;
}

const open = (dataDir: string): Promise<Database> =>
  openDatabase({ dataDir, poolSize: 1, statementTimeoutMs: 0, log: () => undefined });

/** Starts a process that opens the database; `line` waits for a line that matches. */
function startChild(dataDir: string, mode: "hold" | "exit" | "write", uid?: number) {
  const script = join(import.meta.dirname, "open-embedded.child.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, dataDir, mode], {
    stdio: ["ignore", "pipe", "inherit"],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  children.push(child);
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on("line", (line) => lines.push(line));
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    child,
    lines,
    exited,
    async line(pattern: RegExp): Promise<string> {
      for (;;) {
        const found = lines.find((line) => pattern.test(line));
        if (found) return found;
        if (child.exitCode !== null) throw new Error(`It ended after: ${lines.join(" | ")}`);
        await sleep(10);
      }
    },
    async kill(): Promise<void> {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

let original: Promise<string> | undefined;

/** A directory with a migrated database in it, closed: made once, then copied. */
async function madeDataDir(): Promise<string> {
  original ??= (async () => {
    const dataDir = newDataDir();
    const database = await open(dataDir);
    await migrate(database);
    await database.close();
    return dataDir;
  })();
  const copy = newDataDir();
  cpSync(await original, copy, { recursive: true });
  return copy;
}

describe("one process at a time", () => {
  it("refuses a second process and names the first one's pid; takes over when it was killed", async () => {
    const dataDir = await madeDataDir();
    const first = startChild(dataDir, "hold");
    await first.line(/^ready/);

    const refusal = await open(dataDir).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(DatabaseStartError);
    const { message } = refusal as Error;
    expect(message).toContain(`process ${first.child.pid} `);
    expect(message).not.toContain("\n");

    const second = startChild(dataDir, "hold");
    expect(await second.line(/^refused/)).toContain(`process ${first.child.pid} `);

    await first.kill();
    expect(existsSync(join(dataDir, "pglite.lock"))).toBe(true);
    const database = await open(dataDir);
    await expect(open(dataDir)).rejects.toThrow(`process ${process.pid} `);
    await database.close();
    expect(existsSync(join(dataDir, "pglite.lock"))).toBe(false);
  }, 60_000);

  it("lets exactly one of several processes take a dead one's lock", async () => {
    const dataDir = await madeDataDir();
    writeFileSync(join(dataDir, "pglite.lock"), JSON.stringify({ pid: 2 ** 22 + 1, startedAt: "gone" }));
    const racers = Array.from({ length: 4 }, () => startChild(dataDir, "hold"));
    const answers = await Promise.all(racers.map((racer) => racer.line(/^(ready|refused|crashed)/)));
    expect(answers.filter((answer) => answer === "ready")).toHaveLength(1);
    expect(answers.filter((answer) => answer.startsWith("refused"))).toHaveLength(3);
    expect(readdirSync(dataDir).sort()).toEqual(["pglite", "pglite.lock"]);
  }, 60_000);

  it("is not fooled by a pid that another process has now, nor by a lock that was never finished", async () => {
    const dataDir = await madeDataDir();
    const lock = join(dataDir, "pglite.lock");
    writeFileSync(lock, JSON.stringify({ pid: process.ppid, startedAt: "another time" }));
    await (await open(dataDir)).close();

    writeFileSync(lock, "");
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(lock, longAgo, longAgo);
    await (await open(dataDir)).close();
    expect(existsSync(lock)).toBe(false);
  }, 60_000);

  it("gives the lock back when the process exits without closing", async () => {
    const dataDir = await madeDataDir();
    const child = startChild(dataDir, "exit");
    await child.exited;
    expect(child.lines).toContain("ready");
    expect(existsSync(join(dataDir, "pglite.lock"))).toBe(false);
  }, 60_000);
});

describe("kills", () => {
  it("in the middle of the first start are harmless", async () => {
    const dataDir = newDataDir();
    let killedWhileInitialising = 0;
    for (const afterMs of [50, 900, 2_000]) {
      const child = startChild(dataDir, "hold");
      await child.line(/^opening/);
      await sleep(afterMs);
      await child.kill();
      if (!existsSync(join(dataDir, "pglite"))) killedWhileInitialising++;
    }
    expect(killedWhileInitialising).toBeGreaterThan(0);

    const database = await open(dataDir);
    await migrate(database);
    expect(await database.prisma.merchant.count()).toBe(0);
    await database.close();
    expect(readdirSync(dataDir)).toEqual(["pglite"]);
  }, 120_000);

  it("lose no acknowledged row", async () => {
    const dataDir = await madeDataDir();
    const writer = startChild(dataDir, "write");
    await writer.line(/^50$/);
    await writer.kill();
    const acknowledged = Number(writer.lines.at(-1));
    const database = await open(dataDir);
    const [row] = await database.query<{ n: bigint }>(
      "select count(*) as n from merchants where name::int <= $1",
      [acknowledged],
    );
    await database.close();
    expect(row!.n).toBe(BigInt(acknowledged));
  }, 60_000);
});

describe("what cannot be opened says so in one line", () => {
  async function refusal(work: Promise<unknown>): Promise<string> {
    const error = await work.then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect(error).toBeInstanceOf(DatabaseStartError);
    expect((error as Error).message).not.toContain("\n");
    return (error as Error).message;
  }

  it("a data directory that is a file", async () => {
    const file = join(newDataDir(), "file");
    writeFileSync(file, "");
    expect(await refusal(open(file))).toContain("it is not a directory");
    expect(await refusal(open(join(file, "below")))).toContain("it is not a directory");
  });

  it("a data directory that this user may not write", async () => {
    const dataDir = newDataDir();
    chmodSync(dataDir, 0o500);
    // Root may write everything: somebody else tries.
    const child = startChild(dataDir, "hold", process.getuid?.() === 0 ? 65_534 : undefined);
    expect(await child.line(/^(ready|refused|crashed)/)).toBe(
      `refused The data directory ${dataDir} cannot be used: this user may not read and write it`,
    );
  });

  it("a place with something else in it", async () => {
    const dataDir = newDataDir();
    mkdirSync(join(dataDir, "pglite"));
    writeFileSync(join(dataDir, "pglite", "letter.txt"), "dear");
    expect(await refusal(open(dataDir))).toContain("not a database");
    expect(readFileSync(join(dataDir, "pglite", "letter.txt"), "utf8")).toBe("dear");
    expect(existsSync(join(dataDir, "pglite.lock"))).toBe(false);
  });

  it.each([
    ["nothing listens", "postgresql://app:s3cret@127.0.0.1:9/x", "127.0.0.1:9/x"],
    ["an unknown host", "postgresql://app:s3cret@no-such-host.invalid/x", "no-such-host.invalid:5432/x"],
    ["another protocol", "mysql://app:s3cret@127.0.0.1/x", "must start with postgresql://"],
    ["no URL", "s3cret", "DATABASE_URL is not a URL"],
  ])("DATABASE_URL: %s", async (_name, databaseUrl, expected) => {
    const message = await refusal(
      openDatabase({ databaseUrl, dataDir: "", poolSize: 1, statementTimeoutMs: 0, log: () => undefined }),
    );
    expect(message).toContain(expected);
    expect(message).not.toContain("s3cret");
  });
});
