import { CircleHelp, Command as CommandIcon, Search } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { Button } from "~/components/ui/button";
import { isTyping } from "./platform";
import type { CommandContext } from "./use-commands";

const loadMenu = () => import("./command-menu");
const loadSheet = () => import("./shortcut-sheet");
const CommandMenu = lazy(loadMenu);
const ShortcutSheet = lazy(loadSheet);

/**
 * The command menu (⌘K, Ctrl K) and the list of shortcuts (?), with the buttons that open them. Both are
 * loaded when somebody is about to open them; neither is there without JavaScript.
 */
export function CommandCenter(context: CommandContext) {
  const [open, setOpen] = useState<"menu" | "sheet" | null>(null);
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
        onPointerEnter={loadMenu}
        onFocus={loadMenu}
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
        onPointerEnter={loadSheet}
        onFocus={loadSheet}
        className="max-lg:hidden noscript:hidden"
      >
        <CircleHelp />
      </Button>
      <Suspense fallback={null}>
        {open === "menu" ? <CommandMenu {...context} onClose={() => setOpen(null)} /> : null}
        {open === "sheet" ? <ShortcutSheet onClose={() => setOpen(null)} /> : null}
      </Suspense>
    </>
  );
}
