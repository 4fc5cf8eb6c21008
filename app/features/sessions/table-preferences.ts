/** The sessions table's columns in their usual order; the last ones are shown when asked for. */
export const tableColumns = [
  { id: "status", label: "Status" },
  { id: "amount", label: "Amount" },
  { id: "order", label: "Order" },
  { id: "customer", label: "Customer" },
  { id: "method", label: "Method" },
  { id: "provider", label: "Provider" },
  { id: "score", label: "Score" },
  { id: "created", label: "Created" },
  { id: "reason", label: "Failure reason" },
  { id: "updated", label: "Updated" },
  { id: "checkout", label: "Checkout reference" },
] as const;

export type TableColumnId = (typeof tableColumns)[number]["id"];

/** How this browser wants the table. */
export interface TablePreferences {
  /** Every column, in order. */
  order: TableColumnId[];
  /** Those that are shown; never none. */
  shown: TableColumnId[];
  density: "comfortable" | "compact";
}

const everyId = tableColumns.map(({ id }) => id);
const usual: TablePreferences = {
  order: everyId,
  shown: everyId.filter((id) => id !== "updated" && id !== "checkout"),
  density: "comfortable",
};

const isColumn = (id: string): id is TableColumnId => (everyId as string[]).includes(id);
const known = (ids: readonly string[]) => [...new Set(ids.filter(isColumn))];

/** Puts columns that an older choice does not know yet at the end. */
const complete = (order: TableColumnId[]) => [...order, ...everyId.filter((id) => !order.includes(id))];

const COOKIE = "sessions_table";
const YEAR_S = 365 * 24 * 3600;

/** The choice in the request's cookie: `compact~status.amount~order.…`, shown ones first; the usual one without it. */
export function tablePreferences(request: Request): TablePreferences {
  const text = new RegExp(`(?:^|;\\s*)${COOKIE}=([a-z.~-]+)`).exec(request.headers.get("cookie") ?? "")?.[1];
  const [density, shown = "", order = ""] = text?.split("~") ?? [];
  const columns = known(shown.split("."));
  if (columns.length === 0) return usual;
  return {
    order: complete(known(order.split("."))),
    shown: columns,
    density: density === "compact" ? "compact" : "comfortable",
  };
}

/** A Set-Cookie value that remembers the choice for a year. */
export function rememberTable({ density, shown, order }: TablePreferences): string {
  const value = [density, shown.join("."), order.join(".")].join("~");
  return `${COOKIE}=${value}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax; HttpOnly`;
}

/**
 * The form of the choice: `order` and `column` once for each column, `density`, and `move`, "created:up",
 * of the button that was pressed. `reset` goes back to the usual one, and so does hiding every column.
 */
export function chosenTable(form: FormData): TablePreferences {
  const texts = (name: string) => form.getAll(name).filter((value) => typeof value === "string");
  const shown = known(texts("column"));
  if (form.has("reset") || shown.length === 0) return usual;
  const order = complete(known(texts("order")));
  const [id = "", direction] = texts("move")[0]?.split(":") ?? [];
  const from = (order as string[]).indexOf(id);
  const to = from + (direction === "up" ? -1 : 1);
  const [one, other] = [order[from], order[to]];
  if (one !== undefined && other !== undefined) {
    order[from] = other;
    order[to] = one;
  }
  return {
    order,
    shown: order.filter((column) => shown.includes(column)),
    density: form.get("density") === "compact" ? "compact" : "comfortable",
  };
}
