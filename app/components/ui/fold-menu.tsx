import { type ReactNode, useEffect, useRef } from "react";
import { type ButtonProps, buttonVariants } from "./button";
import { cn } from "./cn";
import { floatingClasses } from "./floating";

export type FoldMenuProps = {
  /** On the button that opens it. */
  summary: ReactNode;
  /** The button's name for screen readers, where `summary` does not say enough. */
  label?: string;
  variant?: ButtonProps["variant"];
  /** On which side it ends below its button. */
  align?: "left" | "right";
  className?: string;
  panelClassName?: string;
  children: ReactNode;
};

/**
 * A button with a panel below it, made of `details`, so that it opens without JavaScript. With it, Esc and a
 * press outside close it. Give it a `key` that changes when it is to close by itself, as the page's search.
 */
export function FoldMenu(props: FoldMenuProps) {
  const { summary, label, variant, align = "right", className, panelClassName, children } = props;
  const details = useRef<HTMLDetailsElement>(null);

  useEffect(() => {
    const close = (event: Event) => {
      const element = details.current;
      if (!element?.open) return;
      if (event instanceof KeyboardEvent) {
        if (event.key !== "Escape") return;
        element.open = false;
        element.querySelector("summary")?.focus();
      } else if (event.target instanceof Node && !element.contains(event.target)) {
        element.open = false;
      }
    };
    document.addEventListener("pointerdown", close);
    document.addEventListener("keydown", close);
    return () => {
      document.removeEventListener("pointerdown", close);
      document.removeEventListener("keydown", close);
    };
  }, []);

  return (
    <details ref={details} className={cn("group relative", className)}>
      <summary
        aria-label={label}
        className={cn(
          buttonVariants({ variant }),
          "cursor-pointer list-none max-sm:w-full [&::-webkit-details-marker]:hidden",
        )}
      >
        {summary}
      </summary>
      <div
        className={cn(
          floatingClasses,
          "absolute top-full mt-1 p-3",
          align === "right" ? "right-0" : "left-0",
          panelClassName,
        )}
      >
        {children}
      </div>
    </details>
  );
}
