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
    if (isNeeded) import("./toast-viewport").then((module) => setViewport(() => module.default));
  }, [isNeeded]);

  return (
    <ToastContext.Provider value={toast}>
      {children}
      {Viewport ? <Viewport items={items} close={close} /> : null}
    </ToastContext.Provider>
  );
}
