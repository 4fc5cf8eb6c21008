import { Form } from "@remix-run/react";
import { PageDialog } from "~/components/form/page-dialog";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { Checkbox } from "~/components/ui/checkbox";
import { Field } from "~/components/ui/field";
import { History } from "~/components/ui/icons";
import { Select } from "~/components/ui/select";
import { recoverPresets } from "./recover-presets";

/** Since when to send again, and whether also what arrived. */
export function RecoverDialog({ closeTo, canSinceFailing }: { closeTo: string; canSinceFailing: boolean }) {
  const presets = recoverPresets.filter(({ value }) => value !== "failing" || canSinceFailing);
  return (
    <PageDialog
      title="Recover missed events"
      icon={<History />}
      description="Sends failed, cancelled and waiting deliveries now, and events of a time in which the endpoint was off. Each keeps its webhook-id."
      closeTo={closeTo}
      submit={
        <SubmitButton form="recover" variant="primary" match={{ intent: "recover" }}>
          Recover
        </SubmitButton>
      }
    >
      <Form method="post" id="recover" className="grid gap-4" preventScrollReset>
        <HiddenFields values={{ intent: "recover" }} />
        <Field id="recover-since" label="Events of" hint="For an exact time use the API: POST …/recover.">
          {(control) => (
            <Select {...control} name="since" defaultValue={canSinceFailing ? "failing" : "24h"}>
              {presets.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Checkbox
          name="includeDelivered"
          value="true"
          label="Also what was delivered"
          hint="For a server that lost its data. It gets events again that it has answered."
        />
      </Form>
    </PageDialog>
  );
}
