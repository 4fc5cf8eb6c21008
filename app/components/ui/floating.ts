/** The look of what floats: menus and popovers. */
export const floatingClasses =
  "z-50 animate-fade-in rounded-lg border border-border bg-surface-raised text-text shadow-md";
