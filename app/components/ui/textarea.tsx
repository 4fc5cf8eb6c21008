import { forwardRef, type TextareaHTMLAttributes } from "react";
import { cn } from "./cn";
import { controlClasses } from "./input";

export const Textarea = forwardRef<HTMLTextAreaElement, TextareaHTMLAttributes<HTMLTextAreaElement>>(
  function Textarea({ className, rows = 3, ...rest }, ref) {
    return (
      <textarea
        ref={ref}
        rows={rows}
        className={cn(controlClasses, "block resize-y py-1.5 read-only:bg-surface-sunken", className)}
        {...rest}
      />
    );
  },
);
