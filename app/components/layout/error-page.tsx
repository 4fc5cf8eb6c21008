import type { ReactNode } from "react";
import { CopyableId } from "~/components/ui/copyable-id";
import { Brand } from "./brand";

export type ErrorPageProps = {
  /** The HTTP status, small above the title. */
  status?: number;
  /** What failed. */
  title: ReactNode;
  /** What still works, and what to do. */
  children: ReactNode;
  requestId?: string | null;
  actions: ReactNode;
};

/** A whole page for an error: what failed, the request id to quote, and the way on. */
export function ErrorPage({ status, title, children, requestId, actions }: ErrorPageProps) {
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr]">
      <header className="px-6 py-5 max-sm:p-4">
        <Brand />
      </header>
      <main id="main" tabIndex={-1} className="mx-auto my-[10vh] w-[min(460px,calc(100vw-32px))]">
        {status ? <p className="text-text-3">{status}</p> : null}
        <h1 className="text-xl font-bold tracking-[-0.01em]">{title}</h1>
        <div className="mt-2 grid gap-2 text-text-2">{children}</div>
        {requestId ? (
          <p className="mt-4 flex flex-wrap items-center gap-x-2 border-t border-border pt-3 text-sm text-text-3">
            Request <CopyableId id={requestId} what="request id" full className="text-text-2" />
          </p>
        ) : null}
        {actions ? <div className="mt-5 flex flex-wrap gap-2">{actions}</div> : null}
      </main>
    </div>
  );
}
