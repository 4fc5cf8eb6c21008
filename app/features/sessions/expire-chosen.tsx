import { Form } from "@remix-run/react";
import { useListParams, withParams } from "~/components/data-table/search-params";
import { PageConfirm } from "~/components/form/page-dialog";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { ASK, countOf, ID } from "./chosen";
import { SessionStatusBadge } from "./session-status-badge";
import type { SessionRowView } from "./sessions.presenter.server";

/** Asks before chosen sessions are expired; opened by `?ask=expire&id=…`. */
export function ExpireChosen({ chosen }: { chosen: readonly SessionRowView[] }) {
  const { params } = useListParams();
  const open = chosen.filter(({ isOpen }) => isOpen);
  const closeTo = withParams(params, { [ASK]: null, [ID]: null });
  return (
    <PageConfirm
      title={open.length === 0 ? "None of them is open" : `Expire ${countOf(open.length)}?`}
      description={
        open.length === 0
          ? `${countOf(chosen.length)} chosen, and all of them are finished: there is nothing to expire.`
          : `Their checkouts close at once, and the customers cannot pay there any more. Your server is told by session.expired. ${
              open.length < chosen.length
                ? `The other ${chosen.length - open.length} are finished and stay as they are.`
                : "A payment that a provider confirms after all still counts."
            }`
      }
      closeTo={closeTo}
      submit={
        open.length === 0 ? null : (
          <SubmitButton form="expire-chosen" variant="danger" match={{ intent: "expire-chosen" }}>
            Expire {countOf(open.length)}
          </SubmitButton>
        )
      }
    >
      <Form id="expire-chosen" method="post" action={closeTo}>
        <HiddenFields values={{ intent: "expire-chosen" }} />
        <ul className="grid max-h-64 gap-1 overflow-auto">
          {chosen.map((row) => (
            <li key={row.id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <input type="hidden" name={ID} value={row.id} />
              <SessionStatusBadge status={row.status} />
              <code className="break-all">{row.order}</code>
              <span className="ml-auto whitespace-nowrap">
                {row.currency} {row.amount}
              </span>
            </li>
          ))}
        </ul>
      </Form>
    </PageConfirm>
  );
}
