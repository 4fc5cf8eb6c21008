import {
  type ComponentType,
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
} from "react";
import type { CalloutTone } from "./callout";

export type ToastInput = {
  title: string;
  description?: ReactNode;
  tone?: CalloutTone;
  /** One thing to do about it. `altText` tells screen reader users where else to do it. */
  action?: { label: string; altText: string; onSelect: () => void };
  /** Milliseconds; failures stay twice as long as results (6,000). */
  duration?: number;
};

export type ToastItem = ToastInput & { id: number; open: boolean };
type Viewport = ComponentType<{ items: readonly ToastItem[]; close: (id: number) => void }>;

const ToastContext = createContext<((toast: ToastInput) => void) | null>(null);

/** `toast({title, description?, tone?, action?})` says what has happened. Call it in handlers and effects. */
export function useToast(): (toast: ToastInput) => void {
  const toast = useContext(ToastContext);
  if (!toast) throw new Error("useToast needs ToastProvider, which root.tsx renders.");
  return toast;
}

/** What was said, where the code that shows it well is missing too, as after a new version was started. */
const PlainViewport: Viewport = ({ items }) => (
  <div
    role="alert"
    className="fixed right-4 bottom-4 z-60 rounded-lg border border-border bg-surface-raised p-3 font-medium shadow-lg"
  >
    {items.at(-1)?.title}
  </div>
);

/** Holds the toasts; ToastViewport shows them. */
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

  // Loaded with the first one: most pages have none.
  const [Viewport, setViewport] = useState<Viewport | null>(null);
  const isNeeded = items.length > 0;
  useEffect(() => {
    if (!isNeeded) return;
    import("./toast-viewport").then(
      (module) => setViewport(() => module.default),
      () => setViewport(() => PlainViewport),
    );
  }, [isNeeded]);

  return (
    <ToastContext.Provider value={toast}>
      {children}
      {Viewport ? <Viewport items={items} close={close} /> : null}
    </ToastContext.Provider>
  );
}
