import { Form, useNavigate } from "@remix-run/react";
import { type ReactNode, useState } from "react";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { Checkbox } from "~/components/ui/checkbox";
import { CopyButton } from "~/components/ui/copy-button";
import { StoredForm } from "./stored-form";
import { useFocusAfterwards } from "./use-focus-afterwards";
import { useLoaded } from "./use-loaded";

const loadDialog = () => import("~/components/ui/dialog");

export type ShowOnceProps = {
  title: string;
  icon: ReactNode;
  /** What it is for and that nobody can show it again. */
  description: ReactNode;
  /** The name of the thing that the secret belongs to. */
  label: string;
  /** "API key", "signing secret". */
  what: string;
  secret: string;
  /** A line below it: length, mode, expiry. */
  note: ReactNode;
  /** The same page without the secret. */
  closeTo: string;
  /** What can be done with it at once. */
  children?: ReactNode;
};

function Secret({
  label,
  what,
  secret,
  note,
  focus,
}: Pick<ShowOnceProps, "label" | "what" | "secret" | "note"> & { focus: boolean }) {
  return (
    <div>
      <p className="mb-1 font-medium break-words">{label}</p>
      <div className="flex gap-2 max-sm:flex-col">
        <code className="min-w-0 flex-1 rounded-md border border-border-control bg-surface-sunken px-3 py-1.5 break-all select-all">
          {secret}
        </code>
        <CopyButton
          text={secret}
          what={what}
          label="Copy"
          variant="primary"
          autoFocus={focus}
          className="noscript:hidden"
        />
      </div>
      <p className="mt-1.5 text-sm text-text-3">{note}</p>
    </div>
  );
}

/**
 * A secret, in the only response that ever has it. The dialog closes only after "I have stored it";
 * without JavaScript the browser's own required checkbox asks for the same.
 */
export function ShowOnce(props: ShowOnceProps) {
  const { title, icon, description, what, closeTo, children } = props;
  const { ui, isMissing } = useLoaded(loadDialog);
  const [stored, setStored] = useState(false);
  const navigate = useNavigate();
  useFocusAfterwards();
  // Also where the dialog's code is missing, as after a new version was started: this answer alone has the secret.
  const inPage = (
    <Card className="mb-4 border-border-strong">
      <CardHeader title={title} />
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <div>{description}</div>
        <Secret {...props} focus={false} />
        {children}
        <StoredForm label="I have stored it" leaveTo={closeTo.split("?")[0] ?? closeTo} />
      </CardBody>
    </Card>
  );
  return (
    <>
      <noscript>{inPage}</noscript>
      {isMissing ? inPage : null}
      {ui ? (
        <ui.Dialog
          open
          dismissible={false}
          title={title}
          icon={icon}
          description={description}
          footer={
            <Form
              method="get"
              className="flex w-full flex-wrap items-center justify-between gap-x-4 gap-y-1"
              onSubmit={(event) => {
                event.preventDefault();
                navigate(closeTo, { replace: true, preventScrollReset: true });
              }}
            >
              <Checkbox
                label="I have stored it"
                checked={stored}
                onChange={(event) => setStored(event.currentTarget.checked)}
              />
              <Button
                type="submit"
                disabled={!stored}
                aria-describedby={stored ? undefined : "secret-why"}
                className="max-sm:w-24"
              >
                Done
              </Button>
              {stored ? null : (
                <p id="secret-why" className="w-full text-right text-sm text-text-3">
                  Tick “I have stored it” to close.
                </p>
              )}
            </Form>
          }
        >
          <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
            <Secret {...props} focus />
            {children}
          </div>
        </ui.Dialog>
      ) : null}
      <span role="status" className="sr-only">
        {`Your ${what} is shown once.`}
      </span>
    </>
  );
}

/** Instead of the secret, when the same form was sent a second time. */
export function AlreadyShown({ children }: { children: ReactNode }) {
  return (
    <Callout tone="warning" role="alert" className="mb-4" title="This form was sent before">
      <p>{children}</p>
    </Callout>
  );
}
