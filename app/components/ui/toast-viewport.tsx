import { Toast as Radix } from "radix-ui";
import { toneIcons } from "./callout";
import { cn } from "./cn";
import { IconButton } from "./icon-button";
import { X } from "./icons";
import type { ToastItem } from "./toast";

const toneText = {
  info: "text-info",
  success: "text-success",
  warning: "text-warning",
  danger: "text-danger",
} as const;

/** The toasts: bottom right, above everything. F8 moves the focus there. Loaded with the first of them. */
export default function ToastViewport({
  items,
  close,
}: {
  items: readonly ToastItem[];
  close: (id: number) => void;
}) {
  return (
    <Radix.Provider label="Notification" swipeDirection="right">
      {items.map((item) => {
        const tone = item.tone ?? "success";
        const Icon = toneIcons[tone];
        return (
          <Radix.Root
            key={item.id}
            open={item.open}
            type={tone === "danger" ? "foreground" : "background"}
            duration={item.duration ?? (tone === "danger" ? 12_000 : 6_000)}
            onOpenChange={(open) => {
              if (!open) close(item.id);
            }}
            className="flex animate-rise-in items-start gap-2 rounded-lg border border-border bg-surface-raised py-3 pr-2 pl-3 shadow-lg data-[state=closed]:animate-toast-out data-[swipe=move]:translate-x-(--radix-toast-swipe-move-x)"
          >
            <Icon className={cn("mt-0.5", toneText[tone])} />
            <div className="min-w-0 flex-1">
              <Radix.Title className="font-medium">{item.title}</Radix.Title>
              {item.description ? (
                <Radix.Description className="text-sm text-text-2">{item.description}</Radix.Description>
              ) : null}
              {item.action ? (
                <Radix.Action
                  altText={item.action.altText}
                  onClick={item.action.onSelect}
                  className="mt-1 font-medium text-accent hover:underline"
                >
                  {item.action.label}
                </Radix.Action>
              ) : null}
            </div>
            <Radix.Close asChild>
              <IconButton label="Dismiss" size="icon-sm" className="-my-1">
                <X />
              </IconButton>
            </Radix.Close>
          </Radix.Root>
        );
      })}
      <Radix.Viewport className="fixed right-0 bottom-0 z-60 m-0 flex w-[min(380px,100vw)] list-none flex-col gap-2 p-4 outline-none empty:hidden" />
    </Radix.Provider>
  );
}
