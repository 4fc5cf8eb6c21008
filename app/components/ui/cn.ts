import { type ClassValue, clsx } from "clsx";
import { createTailwindMerge } from "tailwind-merge";
import { classGroups } from "./class-groups";

const twMerge = createTailwindMerge(() => classGroups);

/** Joins class names; of two that set the same property, the later wins. */
export function cn(...values: ClassValue[]): string {
  return twMerge(clsx(values));
}
