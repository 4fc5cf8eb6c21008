import { Form, useLocation } from "@remix-run/react";
import { HiddenFields } from "~/components/form/submit-button";
import { Button } from "~/components/ui/button";
import { Checkbox } from "~/components/ui/checkbox";
import { ArrowDown, ArrowUp } from "~/components/ui/icons";
import { type TablePreferences, tableColumns } from "./table-preferences";

const labels = new Map<string, string>(tableColumns.map(({ id, label }) => [id, label]));

/** Which columns the table has, in what order, and how tight its rows are. */
export function ColumnsForm({ table }: { table: TablePreferences }) {
  const { search } = useLocation();
  const { order, shown, density } = table;
  return (
    <Form method="post" action={search} preventScrollReset key={JSON.stringify(table)} className="grid gap-3">
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
