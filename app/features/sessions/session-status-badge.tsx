import type { ReactNode } from "react";
import { Badge, type BadgeTone } from "~/components/ui/badge";
import {
  CircleCheck,
  CircleDashed,
  CircleX,
  Hourglass,
  LoaderCircle,
  ShieldAlert,
} from "~/components/ui/icons";

/** The six statuses of a payment session (product.md). */
export type SessionStatus = "PENDING" | "REQUIRES_ACTION" | "PROCESSING" | "SUCCEEDED" | "FAILED" | "EXPIRED";

const looks: Record<SessionStatus, { word: string; tone: BadgeTone; icon: ReactNode }> = {
  PENDING: { word: "Pending", tone: "neutral", icon: <CircleDashed /> },
  REQUIRES_ACTION: { word: "Requires action", tone: "warning", icon: <ShieldAlert /> },
  PROCESSING: { word: "Processing", tone: "info", icon: <LoaderCircle /> },
  SUCCEEDED: { word: "Succeeded", tone: "success", icon: <CircleCheck /> },
  FAILED: { word: "Failed", tone: "danger", icon: <CircleX /> },
  // Outlined, so that it is not mistaken for Pending.
  EXPIRED: { word: "Expired", tone: "outline", icon: <Hourglass /> },
};

/** The status as a person reads it: `Requires action`. */
export function sessionStatusWord(status: SessionStatus): string {
  return looks[status].word;
}

/** A payment session's status: icon and word, never colour alone. */
export function SessionStatusBadge({ status }: { status: SessionStatus }) {
  const look = looks[status];
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {look.word}
    </Badge>
  );
}
