import {
  type ComponentType,
  cloneElement,
  type KeyboardEvent,
  type ReactElement,
  type PointerEvent as ReactPointerEvent,
  useEffect,
  useRef,
  useState,
} from "react";
import { NOT_LOADED } from "./not-loaded";
import { useToast } from "./toast";

const OPENING_KEYS: readonly string[] = ["Enter", " ", "ArrowDown"];

/**
 * Something that floats, without its code, which is loaded when somebody is about to open it: by pointer, touch or
 * focus. Until then its `trigger` is a plain button that says the same to screen readers. What opened it is done
 * once more to the loaded one, which so knows whether it was a key: then a menu marks its first item.
 * `popup` is as in `aria-haspopup`. The trigger passes its properties on to an element, and handles no event itself.
 */
export function onIntent<Props extends { trigger: ReactElement }>(
  popup: "menu" | "dialog",
  load: () => Promise<{ default: ComponentType<Props> }>,
): ComponentType<Props> {
  return function OnIntent(props: Props) {
    const [Loaded, setLoaded] = useState<ComponentType<Props> | null>(null);
    const toast = useToast();
    const button = useRef<HTMLElement>(null);
    const opening = useRef<{ event: Event; hasFocus: boolean } | null>(null);

    useEffect(() => {
      if (Loaded === null || button.current === null || opening.current === null) return;
      const { event, hasFocus } = opening.current;
      opening.current = null;
      // The loaded trigger is another element than the plain one.
      if (hasFocus) button.current.focus({ preventScroll: true });
      button.current.dispatchEvent(event);
    }, [Loaded]);

    const open = (event: Event) => {
      const isWaiting = opening.current !== null;
      opening.current = { event, hasFocus: false };
      if (isWaiting) return;
      load().then(
        ({ default: component }) => {
          if (opening.current) opening.current.hasFocus = button.current === document.activeElement;
          setLoaded(() => component);
        },
        () => {
          opening.current = null;
          toast(NOT_LOADED);
        },
      );
    };
    const options = { bubbles: true, cancelable: true };
    const asMenu = {
      onPointerDown: (event: ReactPointerEvent) => {
        if (event.button !== 0 || event.ctrlKey) return;
        // Otherwise the press would take the focus out of the menu again.
        event.preventDefault();
        open(new PointerEvent("pointerdown", { ...options, pointerType: event.pointerType }));
      },
      onKeyDown: (event: KeyboardEvent) => {
        if (!OPENING_KEYS.includes(event.key)) return;
        event.preventDefault();
        open(new KeyboardEvent("keydown", { ...options, key: event.key }));
      },
    };
    const asDialog = { onClick: () => open(new MouseEvent("click", options)) };
    const prepare = () => {
      load().catch(() => undefined);
    };

    const trigger = cloneElement(props.trigger, { ref: button });
    if (Loaded) return <Loaded {...props} trigger={trigger} />;
    return cloneElement(trigger, {
      "aria-haspopup": popup,
      "aria-expanded": false,
      "data-state": "closed",
      onPointerEnter: prepare,
      onFocus: prepare,
      ...(popup === "menu" ? asMenu : asDialog),
    });
  };
}
