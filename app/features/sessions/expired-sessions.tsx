import { Link } from "@remix-run/react";
import { Callout } from "~/components/ui/callout";
import type { ExpiredSession } from "~/domain/sessions/expire-sessions.server";
import { countOf } from "./chosen";
import { sessionStatusWord } from "./session-status-badge";

/** What became of each of the chosen sessions. */
export function ExpiredSessions({ results, base }: { results: readonly ExpiredSession[]; base: string }) {
  const done = results.filter(({ result }) => result === "expired").length;
  return (
    <Callout
      role="alert"
      tone={done === results.length ? "success" : "warning"}
      title={`${done} of ${countOf(results.length)} expired`}
      className="mb-4"
    >
      <ul className="mt-1 grid gap-1">
        {results.map(({ id, order, result, status }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-2">
            <Link
              to={`${base}/sessions/${id}`}
              className="font-medium break-all underline underline-offset-2"
            >
              {order}
            </Link>
            <span>
              {result === "expired" ? "expired" : `was ${sessionStatusWord(status).toLowerCase()} already`}
            </span>
          </li>
        ))}
      </ul>
    </Callout>
  );
}
