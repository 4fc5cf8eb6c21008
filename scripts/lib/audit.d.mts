export function readAudit(output: string): { findings: string[] | null; reason: string | null };
