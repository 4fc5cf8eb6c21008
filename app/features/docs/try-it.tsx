import { type FormEvent, useState } from "react";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { CodeBlock } from "~/components/ui/code-block";
import { Field } from "~/components/ui/field";
import { Send } from "~/components/ui/icons";
import { Input } from "~/components/ui/input";
import { Textarea } from "~/components/ui/textarea";
import { useDocsState } from "./docs-state";
import type { OperationView } from "./operation-view";

interface Answer {
  status: number;
  statusText: string;
  ms: number;
  body: string;
}

/** Sends the operation to this very instance, from the visitor's browser, with what they paste. */
export function TryIt({ operation }: { operation: OperationView }) {
  const { credentials, setCredential } = useDocsState();
  const kind = operation.auth === "accessToken" ? "accessToken" : "apiKey";
  const [values, setValues] = useState<Record<string, string>>({});
  const [body, setBody] = useState(operation.request?.example ?? "");
  const [idempotencyKey, setIdempotencyKey] = useState<string | null>(null);
  const [answer, setAnswer] = useState<Answer | { error: string } | null>(null);
  const [pending, setPending] = useState(false);
  const inputs = operation.parameters.filter((parameter) => parameter.in !== "header");
  const takesKey = operation.parameters.some(({ name }) => name === "Idempotency-Key");
  const credential = credentials[kind];
  const isLive = operation.auth !== "none" && credential.startsWith("ks_live_") && operation.method !== "GET";

  async function send(event: FormEvent) {
    event.preventDefault();
    setPending(true);
    const started = performance.now();
    try {
      const key = idempotencyKey || crypto.randomUUID();
      if (takesKey) setIdempotencyKey(key);
      const response = await fetch(addressOf(operation, values), {
        method: operation.method,
        // Not the dashboard's sign-in: only what was pasted.
        credentials: "omit",
        redirect: "manual",
        headers: {
          ...(operation.auth === "none" || credential === ""
            ? {}
            : { authorization: `Bearer ${credential}` }),
          ...(operation.request ? { "content-type": "application/json" } : {}),
          ...(takesKey ? { "idempotency-key": key } : {}),
        },
        body: operation.request ? body : undefined,
      });
      const text = await response.text();
      setAnswer({
        status: response.status,
        statusText: response.statusText,
        ms: Math.round(performance.now() - started),
        body: indented(text),
      });
      rememberToken(text, (token) => setCredential("accessToken", token));
    } catch (error) {
      setAnswer({ error: error instanceof Error ? error.message : String(error) });
    } finally {
      setPending(false);
    }
  }

  return (
    <section aria-label="Try it" className="rounded-lg border border-border bg-surface">
      <h2 className="border-b border-border px-4 py-2 text-md font-bold">Try it</h2>
      <form onSubmit={send} className="grid gap-3 p-4" autoComplete="off">
        <noscript>
          <p>Sending from here needs JavaScript; the samples above work in a shell.</p>
        </noscript>
        {operation.auth === "none" ? null : (
          <Field
            id="try-credential"
            label={kind === "apiKey" ? "API key" : "Access token"}
            hint={
              kind === "apiKey"
                ? "Kept in this page's memory until you leave it. A test key moves no money."
                : "From the operation “Sign in” under Authentication; sent from here, its token is put in."
            }
          >
            {(field) => (
              <Input
                {...field}
                type="password"
                autoComplete="off"
                spellCheck={false}
                required
                value={credential}
                placeholder={kind === "apiKey" ? "ks_test_…" : "eyJ…"}
                onChange={(event) => setCredential(kind, event.target.value.trim())}
              />
            )}
          </Field>
        )}
        {inputs.map(({ name, isRequired, example, rules, type }) => (
          <Field key={name} id={`try-${name}`} label={name} optional={!isRequired}>
            {(field) => (
              <Input
                {...field}
                required={isRequired}
                spellCheck={false}
                value={values[name] ?? ""}
                placeholder={isRequired ? example : (rules[0] ?? type)}
                onChange={(event) => setValues((before) => ({ ...before, [name]: event.target.value }))}
              />
            )}
          </Field>
        ))}
        {takesKey ? (
          <Field
            id="try-idempotency-key"
            label="Idempotency-Key"
            optional
            hint="Empty: a new one is made when you send."
          >
            {(field) => (
              <Input
                {...field}
                spellCheck={false}
                value={idempotencyKey ?? ""}
                onChange={(event) => setIdempotencyKey(event.target.value)}
              />
            )}
          </Field>
        ) : null}
        {operation.request ? (
          <Field id="try-body" label="Body">
            {(field) => (
              <Textarea
                {...field}
                rows={Math.min(18, body.split("\n").length + 1)}
                spellCheck={false}
                className="font-mono text-sm"
                value={body}
                onChange={(event) => setBody(event.target.value)}
              />
            )}
          </Field>
        ) : null}
        {isLive ? (
          <Callout tone="warning" title="This is a live key">
            What you send is real: a session that is paid moves money.
          </Callout>
        ) : null}
        <div>
          <Button type="submit" variant="primary" pending={pending}>
            <Send />
            Send
          </Button>
        </div>
        <div aria-live="polite">
          {answer === null ? null : "error" in answer ? (
            <Callout tone="danger" title="No answer">
              {answer.error}
            </Callout>
          ) : (
            <CodeBlock
              title={`${answer.status} ${answer.statusText}`.trim()}
              note={`${answer.ms} ms`}
              code={answer.body === "" ? "(no body)" : answer.body}
            />
          )}
        </div>
      </form>
    </section>
  );
}

/** On this instance, whatever its address is here. */
function addressOf({ path, parameters }: OperationView, values: Record<string, string>): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(values[name]?.trim() ?? ""),
  );
  const query = new URLSearchParams();
  for (const { name, in: place, type } of parameters) {
    const value = values[name]?.trim() ?? "";
    if (place !== "query" || value === "") continue;
    // Several values of one parameter, with commas between.
    const each = type.startsWith("array") ? value.split(/\s*,\s*/) : [value];
    for (const one of each) query.append(name, one);
  }
  const search = query.toString();
  return `${filled}${search === "" ? "" : `?${search}`}`;
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** After a sign-in from here, the token is ready for the other operations. */
function rememberToken(text: string, set: (token: string) => void): void {
  try {
    const { accessToken } = JSON.parse(text) as { accessToken?: unknown };
    if (typeof accessToken === "string") set(accessToken);
  } catch {
    // No JSON, no token.
  }
}
