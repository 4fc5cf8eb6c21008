import { Link } from "@remix-run/react";
import { failureReasons } from "~/contracts/failure-reasons";
import { testCards, testPhones } from "~/contracts/test-cards";
import { errorTable } from "~/lib/errors";
import type { DocsNavigation } from "./operation-view";
import { InlineCode, ProseTable } from "./prose";

/** The tables that guides name, out of the catalogues that the system itself works by. */
export const catalogues: Record<string, (props: { navigation: DocsNavigation }) => JSX.Element> = {
  "test-cards": () => (
    <ProseTable
      label="Test cards"
      head={["Number", "What happens"]}
      rows={testCards.map(({ id, number, label }) => ({
        key: id,
        cells: [
          <code key="number" className="text-sm whitespace-nowrap">
            {number}
          </code>,
          label,
        ],
      }))}
    />
  ),
  "test-phones": () => (
    <ProseTable
      label="Test phones"
      head={["Number", "What happens"]}
      rows={testPhones.map(({ id, number, label }) => ({
        key: id,
        cells: [
          <code key="number" className="text-sm whitespace-nowrap">
            {number}
          </code>,
          label,
        ],
      }))}
    />
  ),
  "error-codes": () => (
    <ProseTable
      label="Error codes"
      head={["Status", "Code", "Message"]}
      rows={Object.entries(errorTable).map(([code, { status, message }]) => ({
        key: code,
        cells: [status, <InlineCode key="code">{code}</InlineCode>, message],
      }))}
    />
  ),
  "failure-reasons": () => (
    <ProseTable
      label="Failure reasons"
      head={["failureReason", "What happened", "What to tell the customer"]}
      rows={Object.entries(failureReasons).map(([code, { explanation, adviceForCustomer }]) => ({
        key: code,
        cells: [<InlineCode key="code">{code}</InlineCode>, explanation, adviceForCustomer],
      }))}
    />
  ),
  events: ({ navigation }) => (
    <ProseTable
      label="Events"
      head={["Type", "When"]}
      rows={navigation.events.map(({ type, summary }) => ({
        key: type,
        cells: [
          <Link key="type" to={`/docs/events/${type}`} className="text-accent underline underline-offset-2">
            <code className="text-sm">{type}</code>
          </Link>,
          summary,
        ],
      }))}
    />
  ),
};
