import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import { onTestFinished } from "vitest";
import type { SampleLanguage } from "~/features/docs/samples";

/** Whether a program answers; what it lacks otherwise. */
function works(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

const languages: Record<SampleLanguage, { file: string; command: string[]; probe: string[]; needs: string }> =
  {
    curl: { file: "sample.sh", command: ["sh"], probe: ["curl", "--version"], needs: "curl" },
    Python: {
      file: "sample.py",
      command: ["python3"],
      probe: ["python3", "-c", "import requests"],
      needs: "python3 with the package requests",
    },
    // The samples await at the top.
    JavaScript: { file: "sample.mjs", command: ["node"], probe: ["node", "--version"], needs: "node" },
    Go: { file: "sample.go", command: ["go", "run"], probe: ["go", "version"], needs: "go" },
    Ruby: { file: "sample.rb", command: ["ruby"], probe: ["ruby", "--version"], needs: "ruby" },
  };

/** Why a language's samples cannot run here, or null. Tests install nothing. */
export function missingFor(language: SampleLanguage): string | null {
  const { probe, needs } = languages[language];
  const [command = "", ...args] = probe;
  return works(command, args) ? null : `this machine has no ${needs}`;
}

/** Runs a sample as a developer would, and resolves with what it printed. @throws Error with its complaints when it fails. */
export async function runSample(
  language: SampleLanguage,
  code: string,
  env: Record<string, string> = {},
): Promise<string> {
  const { file, command } = languages[language];
  const directory = mkdtempSync(join(tmpdir(), "kadosei-sample-"));
  const path = join(directory, file);
  writeFileSync(path, code);
  const [program = "", ...args] = command;
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(program, [...args, path], { env: { ...process.env, ...env } });
      let printed = "";
      let complaints = "";
      child.stdout.on("data", (chunk) => (printed += chunk));
      child.stderr.on("data", (chunk) => (complaints += chunk));
      child.on("error", reject);
      child.on("close", (status) =>
        status === 0 ? resolve(printed) : reject(new Error(`${language}: exit ${status}\n${complaints}`)),
      );
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Whether a certificate can be made here. */
export const hasOpenssl = (): boolean => works("openssl", ["version"]);

/**
 * https in front of `url`, for samples whose address is https, until the test ends. `trust` is the environment
 * in which each language believes its certificate.
 */
export async function startTls(url: string): Promise<{ host: string; trust: Record<string, string> }> {
  const directory = mkdtempSync(join(tmpdir(), "kadosei-tls-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const key = join(directory, "key.pem");
  const cert = join(directory, "cert.pem");
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
      ...["-keyout", key, "-out", cert],
    ],
    { stdio: "ignore" },
  );
  const { port } = new URL(url);
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (socket) => {
    const behind = connect(Number(port), "127.0.0.1");
    socket.pipe(behind).pipe(socket);
    socket.on("error", () => behind.destroy());
    behind.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  onTestFinished(() => void server.close());
  return {
    host: `localhost:${(server.address() as AddressInfo).port}`,
    trust: {
      CURL_CA_BUNDLE: cert,
      REQUESTS_CA_BUNDLE: cert,
      NODE_EXTRA_CA_CERTS: cert,
      SSL_CERT_FILE: cert,
    },
  };
}
