import { cn } from "./cn";
import { formatDecimal } from "./format";

export type MoneyProps = {
  /** A decimal string in the currency's own decimals, as the API gives it: "38.250" for KWD. */
  amount: string;
  /** ISO 4217 code. */
  currency: string;
  className?: string;
};

/** A small grey currency code, then the amount. Never rounded, never a float. */
export function Money({ amount, currency, className }: MoneyProps) {
  return (
    <span className={cn("whitespace-nowrap", className)}>
      <span className="text-[0.88em] font-normal tracking-normal text-text-3">{currency}</span>{" "}
      {formatDecimal(amount)}
    </span>
  );
}
