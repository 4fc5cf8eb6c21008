import { useSearchParams } from "@remix-run/react";
import { PAGE, withParams } from "~/components/data-table/search-params";
import { ButtonLink } from "~/components/ui/button";
import { EmptyState } from "~/components/ui/empty-state";
import { KeyRound, ReceiptText, SearchX } from "~/components/ui/icons";
import { scopePath } from "~/features/navigation/scope-path";
import type { SessionsView } from "./sessions.presenter.server";

/** Instead of the rows, when the filters leave none or the page is past the last one. */
export function NothingMatches({ view }: { view: SessionsView }) {
  const [params] = useSearchParams();
  const { totalItems, elsewhere } = view;
  if (totalItems > 0) {
    return (
      <EmptyState
        icon={<SearchX />}
        title="This page is past the end"
        action={<ButtonLink to={withParams(params, { [PAGE]: null })}>Back to the first page</ButtonLink>}
      >
        The list is shorter than that.
      </EmptyState>
    );
  }
  const q = params.get("q") ?? "";
  if (elsewhere.length > 0) {
    return (
      <EmptyState
        icon={<SearchX />}
        title="Not here, but it was found"
        action={
          <div className="flex flex-wrap justify-center gap-2">
            {elsewhere.map(({ applicationId, application, mode, sessions, isHere }) => (
              <ButtonLink
                key={`${applicationId} ${mode}`}
                to={`${scopePath({ applicationId, mode }, "sessions")}?${new URLSearchParams({ q })}`}
              >
                {isHere ? "Here, without the filters" : `${application}, ${mode} mode`}: {sessions}{" "}
                {sessions === 1 ? "session" : "sessions"}
              </ButtonLink>
            ))}
          </div>
        }
      >
        No session of this application and mode that the filters leave has “{q}”.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<SearchX />}
      title="No session matches"
      action={<ButtonLink to="?">Clear search and filters</ButtonLink>}
    >
      The search finds whole ids, order references, e-mails and references, not parts of them.
    </EmptyState>
  );
}

/** Instead of the list, before the first session. */
export function NoSessions({
  base,
  mode,
  canCreate,
}: {
  base: string;
  mode: "test" | "live";
  canCreate: boolean;
}) {
  return (
    <EmptyState
      icon={<ReceiptText />}
      title={mode === "test" ? "No test sessions yet" : "No live sessions yet"}
      action={
        <ButtonLink to={`${base}/api-keys`}>
          <KeyRound /> API keys
        </ButtonLink>
      }
    >
      A payment session appears here as soon as your server creates one with a {mode} API key
      {canCreate ? "; “New test session” makes one without any code." : "."}
    </EmptyState>
  );
}
