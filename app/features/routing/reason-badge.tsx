import { Badge, type BadgeTone } from "~/components/ui/badge";
import {
  Check,
  CircleX,
  FlaskConical,
  ListOrdered,
  Minus,
  RotateCcw,
  SlidersHorizontal,
  TriangleAlert,
} from "~/components/ui/icons";
import type { Reason } from "./explain";

const looks: Record<Reason["kind"], { tone: BadgeTone; icon: React.ReactNode }> = {
  best: { tone: "neutral", icon: <Check /> },
  weights: { tone: "neutral", icon: <SlidersHorizontal /> },
  rule: { tone: "neutral", icon: <ListOrdered /> },
  only: { tone: "neutral", icon: <Minus /> },
  explored: { tone: "info", icon: <FlaskConical /> },
  failover: { tone: "warning", icon: <RotateCcw /> },
  refused: { tone: "danger", icon: <CircleX /> },
  none: { tone: "danger", icon: <CircleX /> },
  unreadable: { tone: "warning", icon: <TriangleAlert /> },
};

/** Why a decision went as it did, in a word or two. */
export function ReasonBadge({ reason }: { reason: Reason }) {
  const { tone, icon } = looks[reason.kind];
  return (
    <Badge tone={tone} icon={icon}>
      {reason.text}
    </Badge>
  );
}
