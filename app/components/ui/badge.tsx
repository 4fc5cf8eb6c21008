import { cva, type VariantProps } from "class-variance-authority";
import type { ReactNode } from "react";
import { cn } from "./cn";

const badgeVariants = cva(
  "inline-flex h-[22px] items-center gap-[5px] rounded-full px-2 text-sm font-medium whitespace-nowrap [&_.icon]:-ml-0.5 [&_.icon]:size-[13px] [&_.icon]:stroke-[2.2]",
  {
    variants: {
      tone: {
        neutral: "bg-neutral-bg text-neutral",
        success: "bg-success-bg text-success",
        danger: "bg-danger-bg text-danger",
        warning: "bg-warning-bg text-warning",
        info: "bg-info-bg text-info",
        outline: "text-text-2 shadow-[inset_0_0_0_1px_var(--border-strong)]",
        test: "bg-test-bg text-test-fg",
      },
    },
    defaultVariants: { tone: "neutral" },
  },
);

export type BadgeTone = NonNullable<VariantProps<typeof badgeVariants>["tone"]>;

export type BadgeProps = { tone?: BadgeTone; icon?: ReactNode; className?: string; children: ReactNode };

/** A word about a state. Colours come with an icon: colour alone says nothing to some readers. */
export function Badge({ tone, icon, className, children }: BadgeProps) {
  return (
    <span className={cn(badgeVariants({ tone }), className)}>
      {icon}
      {children}
    </span>
  );
}

/** A number beside a heading or a navigation item. */
export function CountBadge({
  tone = "neutral",
  children,
}: {
  tone?: "neutral" | "danger";
  children: ReactNode;
}) {
  return (
    <span
      className={cn(
        "min-w-5 rounded-full px-1.5 text-center text-sm leading-5 font-bold",
        tone === "danger" ? "bg-danger-bg text-danger" : "bg-neutral-bg text-neutral",
      )}
    >
      {children}
    </span>
  );
}
