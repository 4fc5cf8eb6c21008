import type { ReactNode } from "react";
import { Button, type ButtonProps } from "~/components/ui/button";
import { cn } from "~/components/ui/cn";
import { LoaderCircle } from "~/components/ui/icons";

/** Sends its form; a ring takes the icon's place once the page's script has seen that it is sent. */
export function CheckoutButton({
  icon,
  className,
  children,
  ...rest
}: ButtonProps & { icon?: ReactNode; children: ReactNode }) {
  return (
    <Button type="submit" className={cn("group aria-busy:cursor-progress", className)} {...rest}>
      <span className="inline-flex group-aria-busy:hidden">{icon}</span>
      <LoaderCircle className="hidden animate-spin group-aria-busy:inline" />
      {children}
    </Button>
  );
}
