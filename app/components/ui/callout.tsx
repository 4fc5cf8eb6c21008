import { cva, type VariantProps } from "class-variance-authority";
import type { ReactNode } from "react";
import { cn } from "./cn";
import { CircleCheck, CircleX, Info, TriangleAlert } from "./icons";

const calloutVariants = cva("flex gap-2 rounded-lg px-3 py-2.5 text-text", {
  variants: {
    tone: {
      info: "bg-info-bg [&>.icon]:text-info",
      success: "bg-success-bg [&>.icon]:text-success",
      warning: "bg-warning-bg [&>.icon]:text-warning",
      danger: "bg-danger-bg [&>.icon]:text-danger",
    },
  },
});

export type CalloutTone = NonNullable<VariantProps<typeof calloutVariants>["tone"]>;

/** The icon that always goes with a feedback colour. */
export const toneIcons = {
  info: Info,
  success: CircleCheck,
  warning: TriangleAlert,
  danger: CircleX,
} as const;

export type CalloutProps = {
  tone?: CalloutTone;
  title?: ReactNode;
  actions?: ReactNode;
  /** "alert" for what appeared because of the person's last action, as a refused form. */
  role?: "alert" | "status";
  className?: string;
  children?: ReactNode;
};

/** A notice in the page. */
export function Callout({ tone = "info", title, actions, role, className, children }: CalloutProps) {
  const Icon = toneIcons[tone];
  return (
    <div role={role} className={cn(calloutVariants({ tone }), className)}>
      <Icon className="mt-0.5" />
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          {title ? <p className="font-bold">{title}</p> : null}
          {children}
        </div>
        {actions}
      </div>
    </div>
  );
}
