import { Link, type LinkProps } from "@remix-run/react";
import { forwardRef } from "react";
import { cn } from "./cn";

export type TextLinkProps = LinkProps & {
  /** Inside a sentence a link is underlined, so that colour is not its only sign. */
  inline?: boolean;
};

/** A link in text. */
export const TextLink = forwardRef<HTMLAnchorElement, TextLinkProps>(function TextLink(
  { inline = false, className, prefetch = "intent", ...rest },
  ref,
) {
  return (
    <Link
      ref={ref}
      prefetch={prefetch}
      className={cn(
        "text-accent underline-offset-2 hover:underline",
        inline && "underline decoration-current/40",
        className,
      )}
      {...rest}
    />
  );
});
