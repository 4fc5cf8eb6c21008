import { forwardRef, type ReactNode } from "react";
import { Button, type ButtonProps } from "./button";
import { Tooltip } from "./tooltip";

export type IconButtonProps = Omit<ButtonProps, "children" | "size" | "asChild" | "wide"> & {
  /** What it does; read by screen readers and shown as tooltip. */
  label: string;
  children: ReactNode;
  size?: "icon" | "icon-sm";
};

/** A button of only an icon. */
export const IconButton = forwardRef<HTMLButtonElement, IconButtonProps>(function IconButton(
  { label, children, variant = "ghost", size = "icon", ...rest },
  ref,
) {
  return (
    <Tooltip content={label}>
      <Button ref={ref} variant={variant} size={size} aria-label={label} {...rest}>
        {children}
      </Button>
    </Tooltip>
  );
});
