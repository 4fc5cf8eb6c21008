// A PostgreSQL to run something against:
//   node scripts/with-postgres.mjs -- <command …>
// With DATABASE_URL set it is that one. Otherwise a throw-away cluster is started from the installed
// programs (Debian keeps them in /usr/lib/postgresql/*/bin), on a free port of 127.0.0.1, as a user who is
// not root, and is stopped and deleted at the end, even when this process is killed.
import { spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const START_TIMEOUT_MS = 30_000;
const FIRST_PORT = 5440;

// Stops the cluster and deletes its directory as soon as standard input closes: when we say so, and when
// we die in whatever way. A restart changes the postmaster's pid, so it is read when it is needed.
const GUARDIAN = `
bin=$1; dir=$2; port=$3; durable=$4
"$bin/postgres" -D "$dir/data" -p "$port" -k "$dir" -c listen_addresses=127.0.0.1 -c max_connections=200 \\
  -c fsync="$durable" -c synchronous_commit="$durable" -c full_page_writes="$durable" -c timezone=UTC >>"$dir/log" 2>&1 </dev/null &
cat >/dev/null
pid=$(head -n 1 "$dir/data/postmaster.pid" 2>/dev/null)
if [ -n "$pid" ]; then
  kill -INT "$pid" 2>/dev/null
  n=0
  while kill -0 "$pid" 2>/dev/null && [ $n -lt 200 ]; do sleep 0.05; n=$((n+1)); done
  kill -KILL "$pid" 2>/dev/null
fi
kill -INT $! 2>/dev/null
wait
rm -rf "$dir"
`;

/** The newest installed PostgreSQL's programs, or undefined. */
function findPrograms() {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, "bin")),
    ...(process.env.PATH ?? "").split(delimiter),
  ];
  return folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
}

/** PostgreSQL refuses to run as root: then it is somebody else. Undefined is the user we are. */
function findUser() {
  if (process.getuid?.() !== 0) return undefined;
  const rows = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const row =
    ["postgres", "nobody"].map((name) => rows.find((row) => row[0] === name)).find(Boolean) ??
    rows.find((row) => Number(row[2]) > 0);
  if (!row) throw new Error("PostgreSQL cannot run as root, and there is no other user on this machine");
  return { uid: Number(row[2]), gid: Number(row[3]) };
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

async function freePort() {
  // Two runs that start together should not try the same ports in the same order.
  const first = FIRST_PORT + Math.floor(Math.random() * 400);
  for (let port = first; port < first + 200; port++) if (await isFree(port)) return port;
  throw new Error(`No free port from ${first} on`);
}

/**
 * Starts a throw-away cluster. Resolves with its URL, `restart(mode)` ("fast" or "immediate", a crash) for
 * fault tests, and `stop()`, which deletes it. `durable` keeps what was committed through a crash, and is slower.
 */
export async function startPostgres({ durable = false } = {}) {
  const bin = findPrograms();
  if (!bin) {
    throw new Error(
      "DATABASE_URL is not set and no PostgreSQL is installed here: set it, or install one (Debian: apt-get install postgresql)",
    );
  }
  const user = findUser();
  const dir = mkdtempSync(join(tmpdir(), "kadosei-postgres-"));
  if (user) chownSync(dir, user.uid, user.gid);
  const env = { ...process.env, HOME: dir, LC_ALL: "C", PGDATABASE: undefined, PGUSER: undefined };
  const run = (program, args) =>
    spawnSync(join(bin, program), args, { ...user, env, cwd: dir, encoding: "utf8" });

  const made = run("initdb", [
    "-D",
    join(dir, "data"),
    "-U",
    "kadosei",
    "-A",
    "trust",
    "-E",
    "UTF8",
    "--no-locale",
    "--no-sync",
  ]);
  if (made.status !== 0) {
    spawnSync("rm", ["-rf", dir]);
    throw new Error(`initdb failed: ${made.stderr || made.error?.message}`);
  }

  const port = await freePort();
  // Its own process group: Ctrl-C in the terminal is for the command, which still needs the database.
  const guardian = spawn(
    "/bin/sh",
    ["-c", GUARDIAN, "guardian", bin, dir, String(port), durable ? "on" : "off"],
    {
      ...user,
      env,
      cwd: "/",
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    },
  );
  guardian.stdin.on("error", () => undefined);
  const ended = new Promise((resolve) => guardian.once("exit", resolve));
  const stop = async () => {
    guardian.stdin.end();
    await ended;
  };

  const isReady = () =>
    run("pg_isready", ["-q", "-h", "127.0.0.1", "-p", String(port), "-U", "kadosei", "-d", "postgres"])
      .status === 0;
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!isReady()) {
    if (Date.now() > deadline || guardian.exitCode !== null) {
      const log = existsSync(join(dir, "log")) ? readFileSync(join(dir, "log"), "utf8") : "";
      await stop();
      throw new Error(`PostgreSQL did not start:\n${log}`);
    }
    await sleep(50);
  }

  return {
    url: `postgresql://kadosei@127.0.0.1:${port}/postgres`,
    async restart(mode = "fast") {
      const args = ["-D", join(dir, "data"), "-m", mode, "-w", "-l", join(dir, "log"), "restart"];
      const control = spawn(join(bin, "pg_ctl"), args, { ...user, env, cwd: dir, stdio: "ignore" });
      const code = await new Promise((resolve) => control.once("close", resolve));
      if (code !== 0) throw new Error(`pg_ctl restart failed with ${code}`);
    },
    stop,
  };
}

/** Runs `work(url)` against DATABASE_URL or a throw-away cluster, which is gone when this settles. */
export async function withPostgres(work) {
  if (process.env.DATABASE_URL) return work(process.env.DATABASE_URL);
  const cluster = await startPostgres();
  try {
    return await work(cluster.url);
  } finally {
    await cluster.stop();
  }
}

/** Runs a command with DATABASE_URL; resolves with its exit code (128 + n after a signal). */
function runCommand(command, url) {
  return new Promise((resolve, reject) => {
    const child = spawn(command[0], command.slice(1), {
      stdio: "inherit",
      env: { ...process.env, DATABASE_URL: url },
    });
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    const forward = (signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, forward);
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      for (const name of signals) process.removeListener(name, forward);
      resolve(code ?? (signal === "SIGINT" ? 130 : signal === "SIGTERM" ? 143 : 129));
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const separator = process.argv.indexOf("--");
  const command = process.argv.slice(separator === -1 ? 2 : separator + 1);
  if (command.length === 0) {
    console.error("Usage: node scripts/with-postgres.mjs -- <command …>");
    process.exit(2);
  }
  try {
    process.exitCode = await withPostgres((url) => runCommand(command, url));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
