import { Link, useNavigate } from "@remix-run/react";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { HiddenParams } from "~/components/data-table/hidden-params";
import { useListParams } from "~/components/data-table/search-params";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { cn } from "~/components/ui/cn";
import { CopyButton } from "~/components/ui/copy-button";
import { Download, Hourglass } from "~/components/ui/icons";
import type { ExpiredSession } from "~/domain/sessions/expire-sessions.server";
import { ASK, countOf, ID } from "./chosen";
import { sessionStatusWord } from "./session-status-badge";

/** The list as a form: what is chosen in it can be exported, copied and expired. */
export function ChosenSessions({
  base,
  canExpire,
  listKey,
  children,
}: {
  base: string;
  canExpire: boolean;
  /** Changes with the rows: what was chosen among others is chosen no more. */
  listKey: string;
  children: ReactNode;
}) {
  const { params } = useListParams();
  const navigate = useNavigate();
  const form = useRef<HTMLFormElement>(null);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const read = () => {
    if (form.current) setChosen(new FormData(form.current).getAll(ID).map(String));
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the boxes of other rows are new ones
  useEffect(read, [listKey]);
  const ask = (event: FormEvent) => {
    event.preventDefault();
    const next = new URLSearchParams(params);
    next.delete(ID);
    next.set(ASK, "expire");
    for (const id of chosen) next.append(ID, id);
    navigate(`?${next}`, { preventScrollReset: true });
  };
  return (
    <form
      ref={form}
      method="get"
      onChange={read}
      onKeyDown={(event) => {
        // Enter on a box would press the first button.
        if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault();
      }}
    >
      <HiddenParams except={[ID, ASK]} />
      {children}
      <div
        className={cn(
          "sticky bottom-0 z-10 flex-wrap items-center gap-2 border-t border-border bg-surface-raised px-4 py-2 shadow-lg",
          chosen.length > 0 ? "flex" : "hidden noscript:flex",
        )}
      >
        <p role="status" className="mr-auto font-medium noscript:hidden">
          {chosen.length > 0 ? `${countOf(chosen.length)} chosen` : ""}
        </p>
        <CopyButton
          text={chosen.join("\n")}
          what="the session ids"
          label="Copy ids"
          className="noscript:hidden"
        />
        {(["csv", "json"] as const).map((format) => (
          <Button
            key={format}
            type="submit"
            formAction={`${base}/sessions/export`}
            name="format"
            value={format}
            aria-label={`Export the chosen sessions as ${format.toUpperCase()}`}
          >
            <Download /> {format.toUpperCase()}
          </Button>
        ))}
        {canExpire ? (
          <Button
            type="submit"
            variant="danger-quiet"
            formAction={`${base}/sessions`}
            name={ASK}
            value="expire"
            onClick={ask}
            aria-label="Expire the chosen sessions"
          >
            <Hourglass /> Expire…
          </Button>
        ) : null}
      </div>
    </form>
  );
}

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
