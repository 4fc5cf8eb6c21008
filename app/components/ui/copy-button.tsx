import { useEffect, useState } from "react";
import { Button, type ButtonVariants } from "./button";
import { cn } from "./cn";
import { copyText } from "./copy-text";
import { Check, Copy, X } from "./icons";

type CopyState = "idle" | "copied" | "failed";

const words = { idle: null, copied: "Copied", failed: "Could not copy" } as const;

function useCopy(text: string) {
  const [state, setState] = useState<CopyState>("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 2_000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => setState((await copyText(text)) ? "copied" : "failed");
  return { state, copy };
}

function CopyIcon({ state }: { state: CopyState }) {
  if (state === "copied") return <Check className="text-success!" />;
  if (state === "failed") return <X className="text-danger!" />;
  return <Copy />;
}

export type CopyButtonProps = {
  text: string;
  /** What is copied: “session id”. */
  what: string;
  /** With a label it is a normal button; without, only an icon. */
  label?: string;
  variant?: ButtonVariants["variant"];
  className?: string;
  autoFocus?: boolean;
};

/** Copies a text and says so, to eyes and to screen readers. */
export function CopyButton({ text, what, label, variant, className, autoFocus }: CopyButtonProps) {
  const { state, copy } = useCopy(text);
  return (
    <>
      {label ? (
        <Button variant={variant} onClick={copy} className={className} autoFocus={autoFocus}>
          {variant === "primary" ? state === "copied" ? <Check /> : <Copy /> : <CopyIcon state={state} />}
          {/* Both words take their place, so that the button keeps its width. */}
          <span className="grid [&>*]:col-start-1 [&>*]:row-start-1">
            <span className={cn(state !== "idle" && "invisible")}>{label}</span>
            <span aria-hidden className={cn(state === "idle" && "invisible")}>
              {state === "failed" ? "Failed" : "Copied"}
            </span>
          </span>
        </Button>
      ) : (
        <button
          type="button"
          onClick={copy}
          aria-label={`Copy ${what}`}
          title={words[state] ?? `Copy ${what}`}
          className={cn(
            "-my-0.5 inline-grid size-6 flex-none place-items-center rounded-sm text-text-3 hover:bg-surface-hover hover:text-text max-sm:-my-1.5 max-sm:size-8 noscript:hidden [&_.icon]:size-[13px]",
            className,
          )}
        >
          <CopyIcon state={state} />
        </button>
      )}
      <span role="status" className="sr-only">
        {words[state]}
      </span>
    </>
  );
}
