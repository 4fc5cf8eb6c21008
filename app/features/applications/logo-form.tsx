import { Form } from "@remix-run/react";
import { fieldErrors } from "~/components/form/field-errors";
import { SubmitButton } from "~/components/form/submit-button";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import type { ApplicationView } from "./applications.presenter.server";

const MAX_KB = 100;

/** The picture at the head of the checkout. A form of its own: it sends a file. */
export function LogoForm({
  application,
  canWrite,
  problem,
  path,
}: {
  application: ApplicationView;
  canWrite: boolean;
  problem: string | null;
  path: string;
}) {
  if (!canWrite) return null;
  const { logo } = application.brand;
  return (
    <Form
      method="post"
      action={`${path}/logo`}
      encType="multipart/form-data"
      preventScrollReset
      className="grid gap-3 border-t border-border pt-4"
    >
      <Field
        id="logo"
        label="Logo"
        hint={`PNG, JPEG or WebP, best square, at most ${MAX_KB} KB. Kept here: customers’ browsers ask no other server for it.`}
        errors={problem === null ? null : fieldErrors("", [problem.replace(/^logo /, "The file ")])}
      >
        {(control) => (
          <Input
            {...control}
            // Another picture is another field, which is empty again.
            key={logo}
            type="file"
            name="logo"
            accept="image/png,image/jpeg,image/webp"
            className="py-1 read-only:bg-surface"
            // Told before it is sent: the server takes no body of any size.
            onChange={({ currentTarget: input }) =>
              input.setCustomValidity(
                (input.files?.[0]?.size ?? 0) > MAX_KB * 1024 ? `Choose a file of at most ${MAX_KB} KB.` : "",
              )
            }
          />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        <SubmitButton name="intent" value="save-logo" match={{ intent: "save-logo" }}>
          {logo ? "Replace logo" : "Save logo"}
        </SubmitButton>
        {logo ? (
          <SubmitButton
            name="intent"
            value="remove-logo"
            variant="ghost"
            formNoValidate
            match={{ intent: "remove-logo" }}
          >
            Remove logo
          </SubmitButton>
        ) : null}
      </div>
    </Form>
  );
}
