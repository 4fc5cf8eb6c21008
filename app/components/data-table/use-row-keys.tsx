import { type RefObject, useEffect } from "react";

const boxesOf = (body: HTMLElement) => [...body.querySelectorAll<HTMLInputElement>("input[type=checkbox]")];

/** Whether a key is for something else: text that is typed, a menu, a dialog. */
function isElsewhere(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && target.type === "checkbox") return false;
  return (
    target.isContentEditable ||
    target.closest(
      "input, textarea, select, [role=dialog], [role=alertdialog], [role=menu], details[open]",
    ) !== null
  );
}

/** Ticks a box as a press would: the form around it hears of it. */
function set(box: HTMLInputElement | undefined, isChecked: boolean): void {
  if (box && box.checked !== isChecked) box.click();
}

/**
 * The keyboard in a table whose rows lead somewhere: j and k go down and up, x chooses the row, shift and x (or a
 * press with shift on a box) everything from the last one chosen; Enter follows the link that has the focus.
 */
export function useRowKeys(body: RefObject<HTMLElement>): void {
  useEffect(() => {
    let current = -1;
    let anchor = -1;
    const links = () => [...(body.current?.querySelectorAll<HTMLElement>("a[data-row]") ?? [])];
    const fill = (to: number) => {
      const boxes = body.current ? boxesOf(body.current) : [];
      const isChecked = boxes[anchor]?.checked ?? true;
      for (let index = Math.min(anchor, to); index <= Math.max(anchor, to); index += 1)
        set(boxes[index], isChecked);
    };
    const onKeyDown = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase();
      if (!["j", "k", "x"].includes(key) || isElsewhere(event)) return;
      const rows = links();
      if (rows.length === 0) return;
      const focused = rows.findIndex((link) => link.closest("tr")?.contains(document.activeElement));
      // Where the reader was, also when the focus has gone somewhere else meanwhile.
      if (focused >= 0) current = focused;
      if (key === "x") {
        const boxes = body.current ? boxesOf(body.current) : [];
        if (current < 0 || boxes.length === 0) return;
        event.preventDefault();
        if (event.shiftKey && anchor >= 0) return fill(current);
        boxes[current]?.click();
        anchor = current;
        return;
      }
      if (event.shiftKey) return;
      event.preventDefault();
      current = Math.min(Math.max(current + (key === "j" ? 1 : -1), 0), rows.length - 1);
      rows[current]?.focus();
      rows[current]?.scrollIntoView({ block: "nearest" });
    };
    const onClick = (event: MouseEvent) => {
      if (!(event.target instanceof HTMLInputElement) || !body.current) return;
      const index = boxesOf(body.current).indexOf(event.target);
      // Presses of this hook's own are not a person's.
      if (index < 0 || !event.isTrusted) return;
      if (event.shiftKey && anchor >= 0) {
        const { checked } = event.target;
        const boxes = boxesOf(body.current);
        for (let at = Math.min(anchor, index); at <= Math.max(anchor, index); at += 1)
          set(boxes[at], checked);
      }
      anchor = index;
    };
    document.addEventListener("keydown", onKeyDown);
    document.addEventListener("click", onClick);
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      document.removeEventListener("click", onClick);
    };
  }, [body]);
}

/** Chooses every row of the page, or none. */
export function ChooseAll({ body }: { body: RefObject<HTMLElement> }) {
  return (
    <input
      type="checkbox"
      aria-label="Choose all rows of this page"
      className="block size-4 accent-accent-solid noscript:hidden"
      onChange={(event) => {
        for (const box of body.current ? boxesOf(body.current) : []) set(box, event.currentTarget.checked);
      }}
    />
  );
}
