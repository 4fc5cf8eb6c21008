import { Tooltip as Radix } from "radix-ui";
import type { ReactElement, ReactNode } from "react";

export type TooltipProps = {
  content: ReactNode;
  /** The control that the tooltip explains; it must take a ref. */
  children: ReactElement;
  side?: "top" | "right" | "bottom" | "left";
};

/** A hint on hover and focus. It never holds what is needed to understand the page: touch has no hover. */
export function Tooltip({ content, children, side = "bottom" }: TooltipProps) {
  return (
    // Each brings its own provider: pages without a tooltip then load nothing of it.
    <Radix.Provider delayDuration={400}>
      <Radix.Root>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content
            side={side}
            sideOffset={6}
            collisionPadding={8}
            className="z-50 max-w-72 animate-fade-in rounded-md bg-text px-2 py-1 text-sm text-bg shadow-md"
          >
            {content}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  );
}
