import { forwardRef, type ReactNode } from "react";
import { Button, type ButtonProps } from "./button";

export type IconButtonProps = Omit<ButtonProps, "children" | "size" | "wide"> & {
  /** What it does; read by screen readers and shown by the browser on hover. */
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
    <Button ref={ref} variant={variant} size={size} aria-label={label} title={label} {...rest}>
      {children}
    </Button>
  );
});
