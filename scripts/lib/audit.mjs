// What the registry knows against the packages that are shipped. A network or a registry that cannot say is told aloud
// and fails nothing: no build depends on somebody else's server.
import { spawnSync } from "node:child_process";
import { root, StepError } from "./steps.mjs";

const SEVERE = ["high", "critical"];

/** Of `npm audit --json`: what is severe, one line each; or null with the reason when there was no audit. */
export function readAudit(output) {
  let report;
  try {
    report = JSON.parse(output);
  } catch {
    return { findings: null, reason: "the registry gave no audit" };
  }
  if (typeof report?.vulnerabilities !== "object" || report.vulnerabilities === null) {
    return {
      findings: null,
      reason: String(report?.message ?? report?.error?.summary ?? "the registry gave no audit"),
    };
  }
  const findings = Object.values(report.vulnerabilities)
    .filter(({ severity }) => SEVERE.includes(severity))
    .map(({ name, severity, via }) => {
      const titles = via.map((cause) => (typeof cause === "string" ? `through ${cause}` : cause.title));
      return `${name} (${severity}): ${[...new Set(titles)].join("; ")}`;
    });
  return { findings, reason: null };
}

/** @throws StepError for a package that is shipped and known as severely weak. */
export function auditDependencies() {
  const { stdout } = spawnSync("npm", ["audit", "--omit=dev", "--json"], {
    cwd: root,
    encoding: "utf8",
    timeout: 60_000,
    shell: process.platform === "win32",
  });
  const { findings, reason } = readAudit(stdout ?? "");
  if (findings === null) {
    console.log(`  NOT CHECKED: ${reason}. Dependencies were not compared with known weaknesses.`);
    return;
  }
  for (const finding of findings) console.error(`  ${finding}`);
  if (findings.length > 0) throw new StepError(`${findings.length} shipped packages are known as weak`);
}
