import { Badge } from "~/components/ui/badge";
import { CodeBlock } from "~/components/ui/code-block";
import { PageHeader } from "~/components/ui/page-header";
import { CodeTabs } from "./code-tabs";
import { codeIn, FieldList, parametersIn } from "./field-list";
import { MethodLabel } from "./method-label";
import type { Auth, OperationView } from "./operation-view";
import { TryIt } from "./try-it";

const credentials: Record<Auth, string | null> = {
  apiKey: "API key",
  accessToken: "Access token",
  either: "API key or access token",
  none: null,
};

const placeTitles = { path: "Path parameters", query: "Query parameters", header: "Headers" } as const;

/** One operation, or one event that is sent to merchants: left what it takes and answers, right how to call it. */
export function OperationPage({ operation }: { operation: OperationView }) {
  const { method, path, summary, description, auth, parameters, request, responses, samples } = operation;
  const successes = responses.filter(({ status }) => !(Number(status) >= 400));
  const failures = responses.filter(({ status }) => Number(status) >= 400);
  const credential = credentials[auth];
  return (
    <article>
      <PageHeader
        title={summary}
        description={
          <>
            <p className="flex flex-wrap items-center gap-2 py-1">
              <MethodLabel method={method} />
              <code className="break-all text-text">{path}</code>
              {credential ? <Badge tone="outline">{credential}</Badge> : null}
            </p>
            {description === `${summary}.` ? null : <p>{codeIn(description)}</p>}
          </>
        }
      />
      <div className="grid gap-x-8 gap-y-6 *:min-w-0 xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
        <div className="grid content-start gap-6">
          {(["path", "header", "query"] as const).map((place) => {
            const shown = parametersIn(parameters, place);
            return shown.length === 0 ? null : (
              <Part key={place} title={placeTitles[place]}>
                <FieldList fields={shown} isInput />
              </Part>
            );
          })}
          {request ? (
            <Part title="Body">
              {request.fields.length > 0 ? (
                <FieldList fields={request.fields} isInput />
              ) : (
                <p className="text-text-2">As the provider sends it.</p>
              )}
            </Part>
          ) : null}
          {successes.map(({ status, description: about, fields }) => (
            <Part key={status} title={`Response ${status}`}>
              {fields.length > 0 ? (
                <FieldList fields={fields} isInput={false} />
              ) : (
                <p className="text-text-2">{about}</p>
              )}
            </Part>
          ))}
          {failures.length > 0 ? (
            <Part title="Errors">
              <ul className="divide-y divide-border">
                {failures.flatMap(({ status, description: about, examples }) =>
                  examples.length === 0
                    ? [
                        <li key={status} className="py-2">
                          {status} {about}
                        </li>,
                      ]
                    : examples.map(({ name, message }) => (
                        <li
                          key={`${status} ${name}`}
                          className="grid grid-cols-[40px_minmax(0,1fr)] gap-x-2 py-2"
                        >
                          <span className="tabular-nums">{status}</span>
                          <span>
                            <code className="text-sm font-medium break-all">{name}</code>
                            <span className="block text-text-2">{message}</span>
                          </span>
                        </li>
                      )),
                )}
              </ul>
            </Part>
          ) : null}
        </div>
        <div className="grid content-start gap-4 *:min-w-0">
          {samples ? (
            <CodeTabs
              label="Sample"
              tabs={Object.entries(samples).map(([title, code]) => ({ title, code }))}
            />
          ) : request?.example ? (
            <CodeBlock title="Example body" code={request.example} />
          ) : null}
          {successes.flatMap(({ status, examples }) =>
            examples.map(({ name, code }) => (
              <CodeBlock key={`${status} ${name}`} title={`Example of ${status}`} code={code} />
            )),
          )}
          {samples ? <TryIt key={operation.operationId} operation={operation} /> : null}
        </div>
      </div>
    </article>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className="border-b border-border pb-1.5 text-md font-bold">{title}</h2>
      {children}
    </section>
  );
}
