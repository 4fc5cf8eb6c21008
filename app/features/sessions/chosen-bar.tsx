import { useNavigate } from "@remix-run/react";
import type { FormEvent } from "react";
import { useListParams } from "~/components/data-table/search-params";
import { Button } from "~/components/ui/button";
import { CopyButton } from "~/components/ui/copy-button";
import { Download, Hourglass } from "~/components/ui/icons";
import { ASK, countOf, ID } from "./chosen";

/** What can be done with the sessions that are chosen. Without JavaScript it does not know which they are. */
export function ChosenBar({
  base,
  canExpire,
  chosen,
}: {
  base: string;
  canExpire: boolean;
  /** Session ids. */
  chosen: readonly string[];
}) {
  const { params } = useListParams();
  const navigate = useNavigate();
  const ask = (event: FormEvent) => {
    event.preventDefault();
    const next = new URLSearchParams(params);
    next.delete(ID);
    next.set(ASK, "expire");
    for (const id of chosen) next.append(ID, id);
    navigate(`?${next}`, { preventScrollReset: true });
  };
  return (
    <div className="sticky bottom-0 z-10 flex flex-wrap items-center gap-2 border-t border-border bg-surface-raised px-4 py-2 shadow-lg">
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
  );
}
