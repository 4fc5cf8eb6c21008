import { Badge } from "~/components/ui/badge";
import { Check, CircleX, TriangleAlert } from "~/components/ui/icons";

/** A status of HTTP: what it means by icon and colour, and the number itself. */
export function HttpStatusBadge({ status }: { status: number }) {
  if (status >= 500) {
    return (
      <Badge tone="danger" icon={<CircleX />}>
        {status}
      </Badge>
    );
  }
  if (status >= 400) {
    return (
      <Badge tone="warning" icon={<TriangleAlert />}>
        {status}
      </Badge>
    );
  }
  return (
    <Badge tone="success" icon={<Check />}>
      {status}
    </Badge>
  );
}

const idempotencyWords = {
  first: "First",
  replayed: "Replayed",
  refused: "Refused",
} as const;

/** What became of the idempotency key, in a word. */
export const idempotencyWord = (result: keyof typeof idempotencyWords): string => idempotencyWords[result];
