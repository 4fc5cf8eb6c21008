export type Filter = {
  /** The search parameter; `<name>.op` holds the operator, `<name>.to` the upper end of "between". */
  name: string;
  label: string;
  /** Offered values; without them the filter takes text. */
  options?: readonly { value: string; label: string }[];
  /** With `options`: several may be chosen. */
  several?: boolean;
  /** How the value is compared; the first is meant where the address names none. "between" takes a second value. */
  operators?: readonly { value: string; label: string }[];
  placeholder?: string;
  inputMode?: "text" | "decimal" | "email";
  /** The value is a day, chosen from a calendar. */
  isDay?: boolean;
};

/** The parameters that belong to a filter. */
export const paramsOf = ({ name }: Filter) => [name, `${name}.op`, `${name}.to`];

/** The filter as a sentence: `Status` `is not` `Failed or Expired`. */
export function filterWords(
  filter: Filter,
  params: URLSearchParams,
): { operator: string | null; value: string } {
  const { name, options, operators } = filter;
  const labelOf = (value: string) => options?.find((option) => option.value === value)?.label ?? value;
  const op = params.get(`${name}.op`) ?? operators?.[0]?.value;
  const operator = operators?.find(({ value }) => value === op)?.label ?? null;
  const values = params.getAll(name).filter(Boolean).map(labelOf);
  const to = params.get(`${name}.to`);
  const words = op === "between" ? [...values, ...(to ? [to] : [])].join(" and ") : values.join(" or ");
  // That it is that value goes without saying.
  return { operator: op === "is" ? null : operator, value: words };
}
