import { forwardRef, useState } from "react";
import { cn } from "./cn";
import { Eye, EyeOff } from "./icons";
import { Input, type InputProps } from "./input";

/** A password with a button that shows it. Without JavaScript the button is not there. */
export const PasswordInput = forwardRef<HTMLInputElement, Omit<InputProps, "type" | "icon" | "end">>(
  function PasswordInput({ className, ...rest }, ref) {
    const [shown, setShown] = useState(false);
    return (
      <span className="relative block">
        <Input
          ref={ref}
          type={shown ? "text" : "password"}
          className={cn("pr-11", className)}
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          {...rest}
        />
        <button
          type="button"
          aria-label="Show password"
          aria-pressed={shown}
          onClick={() => setShown((value) => !value)}
          className="absolute inset-y-0 right-0 grid w-10 place-items-center rounded-md text-text-3 hover:text-text focus-visible:-outline-offset-2 noscript:hidden"
        >
          {shown ? <EyeOff /> : <Eye />}
        </button>
      </span>
    );
  },
);
