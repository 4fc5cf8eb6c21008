import { forwardRef, type HTMLAttributes, type ReactNode } from "react";
import { cn } from "./cn";

/** A bordered surface. Compose with CardHeader, CardBody, CardFooter; tables go in without CardBody. */
export const Card = forwardRef<HTMLElement, HTMLAttributes<HTMLElement>>(function Card(
  { className, ...rest },
  ref,
) {
  return (
    <section
      ref={ref}
      className={cn("min-w-0 rounded-lg border border-border bg-surface", className)}
      {...rest}
    />
  );
});

export type CardHeaderProps = {
  title: ReactNode;
  /** A few quiet words after the title: period, unit, scope. */
  note?: ReactNode;
  actions?: ReactNode;
  /** Heading level; 2 unless the card is inside a titled section. */
  level?: 2 | 3;
  id?: string;
  className?: string;
};

export function CardHeader({ title, note, actions, level = 2, id, className }: CardHeaderProps) {
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <header className={cn("flex min-h-5 flex-wrap items-center gap-x-2 gap-y-1 px-4 pt-4 pb-3", className)}>
      <Heading id={id} className="font-bold">
        {title}
      </Heading>
      {note ? <span className="text-sm text-text-3">{note}</span> : null}
      {actions ? <div className="ml-auto flex items-center gap-2 text-sm font-medium">{actions}</div> : null}
    </header>
  );
}

/** Padding of 16; directly after a CardHeader the header has already left the space above. */
export function CardBody({ className, ...rest }: HTMLAttributes<HTMLDivElement>) {
  return <div className={cn("p-4 [header+&]:pt-0", className)} {...rest} />;
}

export function CardFooter({ className, ...rest }: HTMLAttributes<HTMLElement>) {
  return (
    <footer
      className={cn(
        "flex flex-wrap items-center justify-end gap-2 border-t border-border px-4 py-3",
        className,
      )}
      {...rest}
    />
  );
}
