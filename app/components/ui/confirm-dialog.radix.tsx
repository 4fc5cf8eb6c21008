import { useFetcher } from "@remix-run/react";
import { useEffect, useId, useRef, useState } from "react";
import { AlertDialog, AlertDialogCancel } from "./alert-dialog";
import { Button } from "./button";
import { Callout } from "./callout";
import type { ConfirmDialogProps, ConfirmResult } from "./confirm-dialog";
import { TriangleAlert } from "./icons";

/** The dialog behind ConfirmDialog. Loaded when somebody is about to open it. */
export default function LoadedConfirmDialog({
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
