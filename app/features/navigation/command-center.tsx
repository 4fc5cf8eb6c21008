import { type ComponentType, useEffect, useState } from "react";
import { Button } from "~/components/ui/button";
import { CircleHelp, Command as CommandIcon, Search } from "~/components/ui/icons";
import { NOT_LOADED } from "~/components/ui/not-loaded";
import { useToast } from "~/components/ui/toast";
import { isTyping } from "./platform";
import type { CommandContext } from "./use-commands";

const parts = { menu: () => import("./command-menu"), sheet: () => import("./shortcut-sheet") } as const;
type Part = keyof typeof parts;
const prepare = (part: Part) => {
  parts[part]().catch(() => undefined);
};
type Loaded = ComponentType<CommandContext & { onClose: () => void }>;

/**
 * The command menu (⌘K, Ctrl K) and the list of shortcuts (?), with the buttons that open them. Both are
 * loaded when somebody is about to open them; neither is there without JavaScript.
 */
export function CommandCenter(context: CommandContext) {
  const [open, setOpen] = useState<Part | null>(null);
  // Not React.lazy: a key that comes before the page is hydrated would throw its Suspense boundary away.
  const [Loaded, setLoaded] = useState<Loaded | null>(null);
  const toast = useToast();
  useEffect(() => {
    if (open === null) return;
    let isWanted = true;
    parts[open]().then(
      (module) => {
        if (isWanted) setLoaded(() => module.default);
      },
      () => {
        if (!isWanted) return;
        setOpen(null);
        toast(NOT_LOADED);
      },
    );
    return () => {
      isWanted = false;
      setLoaded(null);
    };
  }, [open, toast]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey) return;
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        setOpen((now) => (now === "menu" ? null : "menu"));
      } else if (event.key === "?" && !event.metaKey && !event.ctrlKey && !isTyping(event.target)) {
        setOpen("sheet");
      } else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  return (
    <>
      <Button
        variant="ghost"
        size="icon"
        aria-label="Command menu"
        title="Command menu (⌘K or Ctrl K)"
        aria-haspopup="dialog"
        onClick={() => setOpen("menu")}
        onPointerEnter={() => prepare("menu")}
        onFocus={() => prepare("menu")}
        className="noscript:hidden"
      >
        <CommandIcon className="max-lg:hidden" />
        <Search className="lg:hidden" />
      </Button>
      <Button
        variant="ghost"
        size="icon"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        aria-haspopup="dialog"
        onClick={() => setOpen("sheet")}
        onPointerEnter={() => prepare("sheet")}
        onFocus={() => prepare("sheet")}
        className="max-lg:hidden noscript:hidden"
      >
        <CircleHelp />
      </Button>
      {Loaded ? <Loaded {...context} onClose={() => setOpen(null)} /> : null}
    </>
  );
}
