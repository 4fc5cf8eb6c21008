import type { ReactNode } from "react";
import { Badge, type BadgeTone } from "~/components/ui/badge";
import {
  Archive,
  Ban,
  CircleCheck,
  CirclePause,
  CircleX,
  Hourglass,
  TriangleAlert,
} from "~/components/ui/icons";
import type { DeliveryRow } from "./deliveries.presenter.server";
import type { EndpointView } from "./webhooks.presenter.server";

type Look = { word: string; tone: BadgeTone; icon: ReactNode };

const endpointLooks: Record<EndpointView["state"], Look> = {
  active: { word: "Active", tone: "success", icon: <CircleCheck /> },
  failing: { word: "Failing", tone: "warning", icon: <TriangleAlert /> },
  off: { word: "Off", tone: "neutral", icon: <CirclePause /> },
  gone: { word: "Off: answered 410", tone: "danger", icon: <CircleX /> },
  gave_up: { word: "Off: failed for five days", tone: "danger", icon: <CircleX /> },
  archived: { word: "Archived", tone: "outline", icon: <Archive /> },
};

const deliveryLooks: Record<DeliveryRow["status"], Look> = {
  PENDING: { word: "Pending", tone: "info", icon: <Hourglass /> },
  DELIVERED: { word: "Delivered", tone: "success", icon: <CircleCheck /> },
  FAILED: { word: "Failed", tone: "danger", icon: <CircleX /> },
  CANCELLED: { word: "Cancelled", tone: "outline", icon: <Ban /> },
};

export function deliveryStatusWord(status: DeliveryRow["status"]): string {
  return deliveryLooks[status].word;
}

/** Whether an endpoint gets events, and if not, why. */
export function EndpointStateBadge({ state }: { state: EndpointView["state"] }) {
  const { word, tone, icon } = endpointLooks[state];
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  );
}

export function DeliveryStatusBadge({ status }: { status: DeliveryRow["status"] }) {
  const { word, tone, icon } = deliveryLooks[status];
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  );
}
