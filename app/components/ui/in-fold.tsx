import { type ComponentType, useEffect, useRef, useState } from "react";
import { NotLoaded } from "./not-loaded";
import { onServer } from "./on-server";
import { Skeleton } from "./skeleton";

const INTENT = ["pointerenter", "focusin", "toggle"] as const;

/**
 * What a fold (`details`) holds, whose code comes when somebody is about to open it. The server draws it for those
 * without JavaScript.
 */
export function inFold<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  const drawn = onServer(load);
  return function InFold(props: Props) {
    const place = useRef<HTMLElement>(null);
    const [Content, setContent] = useState<ComponentType<Props> | null>(null);
    const [isMissing, setIsMissing] = useState(false);
    useEffect(() => {
      const fold = place.current?.closest("details");
      if (!fold) return;
      const come = () => {
        load().then(
          (content) => setContent(() => content),
          () => setIsMissing(true),
        );
      };
      if (fold.open) come();
      for (const type of INTENT) fold.addEventListener(type, come, { once: true });
      return () => {
        for (const type of INTENT) fold.removeEventListener(type, come);
      };
    }, []);
    if (Content) return <Content {...props} />;
    if (isMissing) return <NotLoaded />;
    const Drawn = drawn.current;
    return (
      <>
        <noscript ref={place}>{Drawn ? <Drawn {...props} /> : null}</noscript>
        <Skeleton className="h-24 noscript:hidden" />
      </>
    );
  };
}
