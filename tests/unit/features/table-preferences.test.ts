import { describe, expect, it } from "vitest";
import {
  chosenTable,
  rememberTable,
  tableColumns,
  tablePreferences,
} from "~/features/sessions/table-preferences";

const usual = tablePreferences(new Request("http://localhost/"));
const asked = (cookie: string) => tablePreferences(new Request("http://localhost/", { headers: { cookie } }));
const form = (fields: [string, string][]) => {
  const data = new FormData();
  for (const [name, value] of fields) data.append(name, value);
  return chosenTable(data);
};
const inOrder = tableColumns.map(({ id }): [string, string] => ["order", id]);

describe("the sessions table as a browser wants it", () => {
  it("is remembered: order, columns and density", () => {
    const chosen = form([
      ...inOrder,
      ["column", "status"],
      ["column", "updated"],
      ["density", "compact"],
      ["move", "updated:up"],
    ]);
    expect(chosen.order.indexOf("updated")).toBe(usual.order.indexOf("updated") - 1);
    expect(chosen).toMatchObject({ shown: ["status", "updated"], density: "compact" });
    expect(asked(`other=1; ${rememberTable(chosen).split(";")[0]}; more=2`)).toEqual(chosen);
  });

  it("does not move a column past either end", () => {
    const columns = inOrder.map(([, id]): [string, string] => ["column", id]);
    expect(form([...inOrder, ...columns, ["move", "status:up"]]).order).toEqual(usual.order);
    expect(form([...inOrder, ...columns, ["move", "checkout:down"]]).order).toEqual(usual.order);
  });

  it("goes back to the usual one by reset, and when nothing would be shown", () => {
    expect(form([...inOrder, ["column", "status"], ["reset", "1"]])).toEqual(usual);
    expect(form([...inOrder])).toEqual(usual);
  });

  it.each(["sessions_table=", "sessions_table=compact", "sessions_table=~nope~", "sessions_table=%00"])(
    "reads %j as the usual one",
    (cookie) => expect(asked(cookie)).toEqual(usual),
  );

  it("shows what it knows of an older choice, with new columns at the end of the order", () => {
    const { order, shown } = asked("sessions_table=compact~amount.gone.status~status.gone.amount");
    expect(shown).toEqual(["amount", "status"]);
    expect(order.slice(0, 2)).toEqual(["status", "amount"]);
    expect(order).toHaveLength(usual.order.length);
  });
});
