import { LIMIT, PAGE, useListParams, withParams } from "~/components/data-table/search-params";
import { Button } from "~/components/ui/button";
import { formatCount } from "~/components/ui/format";
import { ProgressBar } from "~/components/ui/progress-bar";
import type { Export } from "./use-export";

/** The formats to choose from; how far the file is, and a way to stop it. */
export function ExportPanel({
  state,
  start,
  cancel,
  base,
  totalItems,
  sessions,
}: Export & {
  base: string;
  totalItems: number;
  /** "20,184 sessions". */
  sessions: string;
}) {
  const { params } = useListParams();
  const to = (format: string) =>
    `${base}/sessions/export${withParams(params, { format, [PAGE]: null, [LIMIT]: null })}`;
  return (
    <>
      <ul className="-mx-1">
        {[
          { format: "csv", label: "CSV", hint: "for spreadsheets" },
          { format: "json", label: "JSON", hint: "for programs" },
        ].map(({ format, label, hint }) => (
          <li key={format}>
            <a
              href={to(format)}
              download
              onClick={(event) => {
                event.preventDefault();
                start(to(format));
              }}
              className="flex justify-between gap-3 rounded-md px-2 py-1.5 hover:bg-surface-hover max-sm:py-2.5"
            >
              <span className="font-medium">{label}</span>
              <span className="text-text-3">{hint}</span>
            </a>
          </li>
        ))}
      </ul>
      {state !== null && state !== "failed" ? (
        <div className="mt-2 grid gap-2 border-t border-border pt-2">
          <p>
            {formatCount(Math.min(state.rows, totalItems))} of {formatCount(totalItems)}
          </p>
          <ProgressBar value={Math.min(state.rows, totalItems)} max={totalItems} label="Export" />
          <Button onClick={cancel}>Stop</Button>
        </div>
      ) : null}
      <p role="alert" className="text-sm text-danger empty:hidden">
        {state === "failed" ? "The export broke off, and no file was saved. Try again." : null}
      </p>
      <p className="mt-2 text-sm text-text-3">Exactly what is filtered: {sessions}, newest first.</p>
    </>
  );
}
