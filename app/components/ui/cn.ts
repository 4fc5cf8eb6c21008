import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

/** The sizes that `tailwind.config.ts` adds to Tailwind's spacing scale. */
const twMerge = extendTailwindMerge({
  extend: {
    theme: { spacing: ["control", "row", "row-compact", "topbar", "testbar", "sidebar"] },
  },
});

/** Joins class names; of two that set the same property, the later wins. */
export function cn(...values: ClassValue[]): string {
  return twMerge(clsx(values));
}
