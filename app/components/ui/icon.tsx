import type { ReactElement, SVGProps } from "react";
import sprite from "./icons.svg?no-inline";

/** An icon, 16 px wide unless its classes say otherwise; a screen reader knows it by its `aria-label` only. */
export type Icon = (props: SVGProps<SVGSVGElement>) => ReactElement;

const LABELLED = { role: "img", "aria-hidden": undefined } as const;

/** The icon whose drawing has this id in `icons.svg`. */
export function drawnAs(id: string): Icon {
  return function Drawn({ className, ...rest }) {
    return (
      <svg
        aria-hidden="true"
        {...(rest["aria-label"] === undefined ? null : LABELLED)}
        {...rest}
        viewBox="0 0 24 24"
        className={className ? `icon ${className}` : "icon"}
      >
        <use href={`${sprite}#${id}`} />
      </svg>
    );
  };
}
