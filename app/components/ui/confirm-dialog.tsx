import type { ReactElement, ReactNode } from "react";
import { onIntent } from "./on-intent";

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
export const ConfirmDialog = onIntent<ConfirmDialogProps>("dialog", () => import("./confirm-dialog.radix"));
