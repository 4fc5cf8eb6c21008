import { CreditCard, Smartphone, Wallet } from "~/components/ui/icons";
import type { MethodView } from "./method";

const icons = { card: CreditCard, mpesa_stk: Smartphone, other: Wallet } as const;

/** A payment method with its icon. */
export function MethodLabel({ method }: { method: MethodView }) {
  const Icon = icons[method.kind];
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <Icon aria-hidden className="size-4 text-text-3 max-sm:size-3.5" />
      {method.text}
    </span>
  );
}
