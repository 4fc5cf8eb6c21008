import type { ReactNode } from "react";
import { CodeBlock } from "~/components/ui/code-block";
import { CopyButton } from "~/components/ui/copy-button";
import type { CallsView } from "./session-calls.presenter.server";

/** The session as the API has it, and its calls to repeat; no secret is in any of them. */
export function SessionCalls({ calls, path }: { calls: CallsView; path: string }) {
  return (
    <section aria-labelledby="calls">
      <header className="mb-2 flex flex-wrap items-center gap-2">
        <h2 id="calls" className="mr-auto font-bold">
          In the API
        </h2>
        <CopyButton
          text={calls.readCurl}
          what="the call as curl"
          label="Copy as curl"
          className="noscript:hidden"
        />
        <CopyButton text={calls.answer} what="the raw JSON" label="Copy JSON" className="noscript:hidden" />
      </header>
      <div className="rounded-lg border border-border bg-surface">
        <Fold label="Raw JSON">
          <CodeBlock title="Raw JSON" note={`what GET ${path} answers`} code={calls.answer} />
        </Fold>
        <Fold label="Read it with curl">
          <CodeBlock title="Read it" note="put your API key in" code={calls.readCurl} wrap />
        </Fold>
        <Fold label="Make one like it with curl">
          <CodeBlock
            title="Make one like it"
            note="put your API key in; the idempotency key is new"
            code={calls.createCurl}
            wrap
          />
        </Fold>
      </div>
    </section>
  );
}

function Fold({ label, children }: { label: string; children: ReactNode }) {
  return (
    <details className="border-b border-border last:border-b-0">
      <summary className="px-4 py-2.5 text-text-2 hover:text-text">{label}</summary>
      <div className="px-4 pb-4">{children}</div>
    </details>
  );
}
