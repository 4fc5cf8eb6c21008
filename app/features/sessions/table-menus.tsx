import { Form, useLocation } from "@remix-run/react";
import { LIMIT, PAGE, useListParams, withParams } from "~/components/data-table/search-params";
import { HiddenFields } from "~/components/form/submit-button";
import { Button } from "~/components/ui/button";
import { Checkbox } from "~/components/ui/checkbox";
import { FoldMenu } from "~/components/ui/fold-menu";
import { formatCount } from "~/components/ui/format";
import { ArrowDown, ArrowUp, ChevronDown, Columns3, Download } from "~/components/ui/icons";
import { ProgressBar } from "~/components/ui/progress-bar";
import { type TablePreferences, tableColumns } from "./table-preferences";
import { useExport } from "./use-export";

const labels = new Map<string, string>(tableColumns.map(({ id, label }) => [id, label]));

/** Which columns are shown, in what order, and how tight: remembered by this browser. Not on phones, where rows are cards. */
export function ColumnsMenu({ table }: { table: TablePreferences }) {
  const { search } = useLocation();
  const { order, shown, density } = table;
  return (
    <FoldMenu
      label={`Columns, ${shown.length} of ${order.length}`}
      className="max-sm:hidden"
      panelClassName="w-72"
      summary={
        <>
          <Columns3 /> Columns
          <span className="font-normal text-text-3">
            {shown.length} of {order.length}
          </span>
        </>
      }
    >
      <Form
        method="post"
        action={search}
        preventScrollReset
        key={JSON.stringify(table)}
        className="grid gap-3"
      >
        <HiddenFields values={{ intent: "table" }} />
        {/* The first button is what Enter presses: not one of the arrows. */}
        <button type="submit" tabIndex={-1} aria-hidden className="sr-only">
          Apply
        </button>
        <ul>
          {order.map((id, index) => (
            <li key={id} className="flex items-center gap-1">
              <input type="hidden" name="order" value={id} />
              <Checkbox
                name="column"
                value={id}
                defaultChecked={shown.includes(id)}
                label={labels.get(id)}
                className="min-w-0 flex-1"
              />
              <MoveButton id={id} direction="up" isDisabled={index === 0} />
              <MoveButton id={id} direction="down" isDisabled={index === order.length - 1} />
            </li>
          ))}
        </ul>
        <fieldset className="flex gap-4 border-t border-border pt-3">
          <legend className="sr-only">Rows</legend>
          {(["comfortable", "compact"] as const).map((value) => (
            <label
              key={value}
              htmlFor={`density-${value}`}
              className="flex items-center gap-2 first-letter:uppercase"
            >
              <input
                id={`density-${value}`}
                type="radio"
                name="density"
                value={value}
                defaultChecked={density === value}
                className="size-4 accent-accent-solid"
              />
              {value === "compact" ? "Compact rows" : "Roomy rows"}
            </label>
          ))}
        </fieldset>
        <div className="flex justify-end gap-2">
          <Button type="submit" name="reset" value="1" variant="ghost">
            Reset
          </Button>
          <Button type="submit" variant="primary">
            Apply
          </Button>
        </div>
      </Form>
    </FoldMenu>
  );
}

function MoveButton({
  id,
  direction,
  isDisabled,
}: {
  id: string;
  direction: "up" | "down";
  isDisabled: boolean;
}) {
  return (
    <Button
      type="submit"
      name="move"
      value={`${id}:${direction}`}
      variant="ghost"
      size="icon-sm"
      disabled={isDisabled}
      aria-label={`Move ${labels.get(id)} ${direction}`}
    >
      {direction === "up" ? <ArrowUp /> : <ArrowDown />}
    </Button>
  );
}

/** Everything that the filters leave, on all pages, as a file; how far it is can be seen, and it can be stopped. */
export function ExportMenu({ base, totalItems }: { base: string; totalItems: number }) {
  const { params } = useListParams();
  const { state, start, cancel } = useExport();
  const total = formatCount(totalItems);
  const to = (format: string) =>
    `${base}/sessions/export${withParams(params, { format, [PAGE]: null, [LIMIT]: null })}`;
  const sessions = `${formatCount(totalItems)} ${totalItems === 1 ? "session" : "sessions"}`;
  return (
    <FoldMenu
      label={`Export ${sessions}`}
      panelClassName="w-64 max-sm:right-auto max-sm:left-0"
      summary={
        <>
          <Download />
          {state !== null && state !== "failed"
            ? `Exporting, ${Math.min(99, Math.floor((state.rows / Math.max(1, totalItems)) * 100))} %`
            : `Export ${total}`}
          <ChevronDown className="size-3.5!" />
        </>
      }
    >
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
            {formatCount(Math.min(state.rows, totalItems))} of {total}
          </p>
          <ProgressBar value={Math.min(state.rows, totalItems)} max={totalItems} label="Export" />
          <Button onClick={cancel}>Stop</Button>
        </div>
      ) : null}
      <p role="alert" className="text-sm text-danger empty:hidden">
        {state === "failed" ? "The export broke off, and no file was saved. Try again." : null}
      </p>
      <p className="mt-2 text-sm text-text-3">Exactly what is filtered: {sessions}, newest first.</p>
    </FoldMenu>
  );
}
