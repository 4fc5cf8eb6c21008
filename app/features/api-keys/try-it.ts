import { exampleSessionBody } from "~/contracts/example-session";
import type { Mode } from "~/db/generated/enums";

export interface TryIt {
  title: string;
  note: string;
  code: string;
}

/**
 * A command that works unchanged in a shell. With a test key it creates a payment session; with a live
 * key it only reads, because a pasted example must not charge anybody.
 */
export function tryItCommand(input: {
  appUrl: string;
  fullKey: string;
  mode: Mode;
  idempotencyKey: string;
}): TryIt {
  const url = `${input.appUrl}/api/v1/sessions`;
  const authorization = `  -H "Authorization: Bearer ${input.fullKey}"`;
  if (input.mode === "live") {
    return {
      title: "curl",
      note: "lists your live payment sessions, charges nothing",
      code: `curl "${url}?limit=5" \\\n${authorization}`,
    };
  }
  const code = [
    `curl -X POST "${url}" \\`,
    `${authorization} \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -H "Idempotency-Key: ${input.idempotencyKey}" \\`,
    // No apostrophe is in the example, so single quotes hold it.
    `  -d '${JSON.stringify(exampleSessionBody(input.appUrl), null, 2)}'`,
  ].join("\n");
  return { title: "curl", note: "creates a test payment session; open its checkoutUrl to pay it", code };
}

/** The same for a key that was made before and is known by its first characters only: it is put in by hand. */
export function tryItTemplate(input: {
  appUrl: string;
  keyPrefix: string;
  mode: Mode;
  idempotencyKey: string;
}): TryIt {
  const command = tryItCommand({ ...input, fullKey: "$KADOSEI_KEY" });
  const key = `KADOSEI_KEY="the key that begins with ${input.keyPrefix}"`;
  return { ...command, code: `${key}\n${command.code}` };
}
