import { useFetcher } from "@remix-run/react";
import { TriangleAlert } from "lucide-react";
import { type ReactElement, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { AlertDialog, AlertDialogCancel } from "./alert-dialog";
import { Button } from "./button";
import { Callout } from "./callout";

/** What an action behind a ConfirmDialog may answer to keep it open: one sentence. */
export type ConfirmResult = { error?: string } | null | undefined;

export type ConfirmDialogProps = {
  trigger: ReactElement;
  /** Names the thing: “Revoke Staging server?”. */
  title: ReactNode;
  /** When it was last used, and what stops working. */
  description: ReactNode;
  confirmLabel: ReactNode;
  cancelLabel?: ReactNode;
  tone?: "danger" | "primary";
  /** Where to post; the current route when omitted. */
  action?: string;
  /** Posted as they are. */
  fields?: Readonly<Record<string, string>>;
  /** More controls inside the posted form, as a reason. */
  children?: ReactNode;
  /** Called once when the action has answered without an error and without a redirect. */
  onDone?: (result: unknown) => void;
};

/** Asks before a destructive action, then posts it; stays open while pending and on `{error}`. */
export function ConfirmDialog({
  trigger,
  title,
  description,
  confirmLabel,
  cancelLabel = "Cancel",
  tone = "danger",
  action,
  fields = {},
  children,
  onDone,
}: ConfirmDialogProps) {
  const [open, setOpen] = useState(false);
  const fetcher = useFetcher<ConfirmResult>();
  const pending = fetcher.state !== "idle";
  const error = !pending && fetcher.data?.error ? fetcher.data.error : null;

  const wasPending = useRef(false);
  useEffect(() => {
    if (wasPending.current && !pending && !error) {
      setOpen(false);
      onDone?.(fetcher.data);
    }
    wasPending.current = pending;
  }, [pending, error, fetcher.data, onDone]);

  const id = useId();
  return (
    <AlertDialog
      trigger={trigger}
      open={open}
      onOpenChange={(next) => {
        if (!pending) setOpen(next);
      }}
      icon={tone === "danger" ? <TriangleAlert className="text-danger" /> : undefined}
      title={title}
      description={description}
      footer={
        <>
          <AlertDialogCancel>
            <Button>{cancelLabel}</Button>
          </AlertDialogCancel>
          <Button type="submit" form={id} variant={tone} pending={pending}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      <fetcher.Form id={id} method="post" action={action}>
        {Object.entries(fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {children}
        {error ? (
          <Callout tone="danger" role="alert">
            {error}
          </Callout>
        ) : null}
      </fetcher.Form>
    </AlertDialog>
  );
}
