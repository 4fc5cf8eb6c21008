import { Link, type LinkProps } from "@remix-run/react";
import { cva, type VariantProps } from "class-variance-authority";
import { type ButtonHTMLAttributes, forwardRef, type MouseEvent } from "react";
import { cn } from "./cn";
import { Spinner } from "./spinner";

export const buttonVariants = cva(
  [
    "relative inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap",
    "transition-colors duration-100 focus-visible:rounded-md",
    "disabled:cursor-not-allowed aria-disabled:cursor-not-allowed",
  ],
  {
    variants: {
      variant: {
        primary:
          "border-transparent bg-accent-solid text-on-accent shadow-sm hover:bg-accent-solid-hover disabled:border-border disabled:bg-surface-sunken disabled:text-text-3 disabled:shadow-none",
        secondary:
          "border-border-strong bg-surface text-text shadow-sm hover:bg-surface-hover disabled:border-border disabled:bg-surface-sunken disabled:text-text-3 disabled:shadow-none [&_.icon]:text-text-3",
        ghost:
          "border-transparent bg-transparent text-text hover:bg-surface-hover disabled:text-text-3 disabled:opacity-60 [&_.icon]:text-text-3",
        danger:
          "border-transparent bg-danger-solid text-on-accent shadow-sm hover:brightness-90 disabled:border-border disabled:bg-surface-sunken disabled:text-text-3 disabled:shadow-none",
        "danger-quiet":
          "border-border-strong bg-surface text-danger shadow-sm hover:bg-danger-bg disabled:border-border disabled:bg-surface-sunken disabled:text-text-3 disabled:shadow-none",
        link: "border-transparent bg-transparent text-accent underline-offset-2 hover:underline disabled:text-text-3",
      },
      size: {
        sm: "h-7 px-2 text-sm max-sm:h-9 max-sm:px-3 [&_.icon]:size-[13px]",
        md: "h-control px-3",
        lg: "h-11 px-4 text-md",
        icon: "h-control w-control",
        "icon-sm": "size-7 max-sm:size-9 [&_.icon]:size-3.5",
      },
      wide: { true: "w-full", false: null },
    },
    compoundVariants: [{ variant: "link", className: "h-auto px-1" }],
    defaultVariants: { variant: "secondary", size: "md", wide: false },
  },
);

export type ButtonVariants = VariantProps<typeof buttonVariants>;

export type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> &
  ButtonVariants & {
    /** Shows a spinner, keeps the width and the focus, and ignores further presses. */
    pending?: boolean;
  };

/** A button; `type` is "button" unless told otherwise. */
export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  { variant, size, wide, pending = false, className, children, type, onClick, ...rest },
  ref,
) {
  // `aria-disabled`, not `disabled`: a disabled button would drop the focus of who pressed it.
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (pending) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button
      ref={ref}
      type={type ?? "button"}
      className={cn(buttonVariants({ variant, size, wide }), className)}
      aria-busy={pending || undefined}
      aria-disabled={pending || undefined}
      onClick={press}
      {...rest}
    >
      {pending ? (
        <>
          <span className="invisible inline-flex items-center gap-1.5">{children}</span>
          <Spinner className="absolute inset-0 [&_.icon]:text-current!" />
          <span className="sr-only">, working</span>
        </>
      ) : (
        children
      )}
    </button>
  );
});

export type ButtonLinkProps = LinkProps & ButtonVariants;

/** A link that looks like a button; it fetches the page on intent. */
export const ButtonLink = forwardRef<HTMLAnchorElement, ButtonLinkProps>(function ButtonLink(
  { variant, size, wide, className, prefetch = "intent", ...rest },
  ref,
) {
  return (
    <Link
      ref={ref}
      prefetch={prefetch}
      className={cn(buttonVariants({ variant, size, wide }), "no-underline", className)}
      {...rest}
    />
  );
});
