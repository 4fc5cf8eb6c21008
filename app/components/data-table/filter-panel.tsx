import { Form, useNavigate } from "@remix-run/react";
import { type ReactElement, useId, useState } from "react";
import { Button } from "~/components/ui/button";
import { Popover } from "~/components/ui/popover";
import { type Filter, paramsOf } from "./filter";
import { FilterControl } from "./filter-control";
import { PAGE, useListParams } from "./search-params";

/** The address after a filter's form: without what is empty or meant anyway, and on the first page. */
function filteredSearch(filter: Filter, form: FormData, params: URLSearchParams): string {
  const next = new URLSearchParams(params);
  for (const name of [...paramsOf(filter), PAGE]) next.delete(name);
  const texts = (name: string) =>
    form
      .getAll(name)
      .flatMap((value) => (typeof value === "string" && value.trim() !== "" ? [value.trim()] : []));
  const values = texts(filter.name);
  const [op] = texts(`${filter.name}.op`);
  const [to] = texts(`${filter.name}.to`);
  for (const value of values) next.append(filter.name, value);
  if (values.length > 0 && op !== undefined && op !== filter.operators?.[0]?.value)
    next.set(`${filter.name}.op`, op);
  if (values.length > 0 && to !== undefined && op === "between") next.set(`${filter.name}.to`, to);
  return `?${next}`;
}

export type FilterPanelProps = { filter: Filter; trigger: ReactElement };

/** A filter's form in a panel beside what opens it. */
export default function FilterPanel({ filter, trigger }: FilterPanelProps) {
  const [open, setOpen] = useState(false);
  const { params } = useListParams();
  const navigate = useNavigate();
  const id = useId();
  return (
    <Popover
      label={`Filter by ${filter.label.toLowerCase()}`}
      open={open}
      onOpenChange={setOpen}
      trigger={trigger}
    >
      <Form
        method="get"
        onSubmit={(event) => {
          event.preventDefault();
          setOpen(false);
          const form = new FormData(event.currentTarget);
          navigate(filteredSearch(filter, form, params), { preventScrollReset: true });
        }}
        className="grid gap-3"
      >
        <div>
          <p className="mb-1 font-medium">{filter.label}</p>
          <FilterControl id={id} filter={filter} params={params} autoFocus />
        </div>
        <Button type="submit" variant="primary">
          Apply
        </Button>
      </Form>
    </Popover>
  );
}
