import { X } from "lucide-react";
import { Toast as Radix } from "radix-ui";
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from "react";
import { type CalloutTone, toneIcons } from "./callout";
import { cn } from "./cn";
import { IconButton } from "./icon-button";

export type ToastInput = {
  title: string;
  description?: ReactNode;
  tone?: CalloutTone;
  /** One thing to do about it. `altText` tells screen reader users where else to do it. */
  action?: { label: string; altText: string; onSelect: () => void };
  /** Milliseconds; failures stay twice as long as results (6,000). */
  duration?: number;
};

type ToastItem = ToastInput & { id: number; open: boolean };

const ToastContext = createContext<((toast: ToastInput) => void) | null>(null);

/** `toast({title, description?, tone?, action?})` says what has happened. Call it in handlers and effects. */
export function useToast(): (toast: ToastInput) => void {
  const toast = useContext(ToastContext);
  if (!toast) throw new Error("useToast needs ToastProvider, which root.tsx renders.");
  return toast;
}

const toneText = {
  info: "text-info",
  success: "text-success",
  warning: "text-warning",
  danger: "text-danger",
} as const;

/** Holds the toasts and shows them: bottom right, above everything. F8 moves the focus there. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [items, setItems] = useState<readonly ToastItem[]>([]);
  const nextId = useRef(1);

  const toast = useCallback((input: ToastInput) => {
    const id = nextId.current++;
    setItems((current) => [...current.filter((item) => item.open).slice(-3), { ...input, id, open: true }]);
  }, []);
  const close = useCallback((id: number) => {
    setItems((current) => current.map((item) => (item.id === id ? { ...item, open: false } : item)));
  }, []);

  return (
    <ToastContext.Provider value={toast}>
      <Radix.Provider label="Notification" swipeDirection="right">
        {children}
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
    </ToastContext.Provider>
  );
}
