import { useNavigate } from "@remix-run/react";
import { Dialog } from "radix-ui";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { cn } from "~/components/ui/cn";
import { scrimClasses } from "~/components/ui/dialog";
import { Search } from "~/components/ui/icons";
import { Kbd } from "~/components/ui/kbd";
import { type Command, findCommands } from "./commands";
import type { SearchHit } from "./search.presenter.server";
import { type CommandContext, sessionCommands, useCommands } from "./use-commands";

/** From so many letters on identifiers are looked up, and so long after the last key. */
const SEARCH_FROM = 3;
const SEARCH_AFTER_MS = 150;

interface Reply {
  q: string;
  hits: SearchHit[];
}

async function lookUp(q: string, signal: AbortSignal): Promise<SearchHit[]> {
  const reply = await fetch(`/search?q=${encodeURIComponent(q)}`, { signal });
  // Signed out meanwhile, it answers with the sign-in page.
  return reply.ok && !reply.redirected ? ((await reply.json()) as Reply).hits : [];
}

/** The payment sessions that the query names; none while it is looked up. */
function useSessionHits(query: string): { hits: readonly SearchHit[]; isSearching: boolean } {
  const [reply, setReply] = useState<Reply>({ q: "", hits: [] });
  const q = query.trim();
  const isAsked = q.length >= SEARCH_FROM;
  useEffect(() => {
    if (!isAsked) return;
    const asked = new AbortController();
    // Not a fetcher: without an answer the menu finds pages only, and the page beneath it stays.
    const timer = setTimeout(async () => {
      const hits = await lookUp(q, asked.signal).catch(() => []);
      if (!asked.signal.aborted) setReply({ q, hits });
    }, SEARCH_AFTER_MS);
    return () => {
      clearTimeout(timer);
      asked.abort();
    };
  }, [q, isAsked]);
  const isThere = reply.q === q;
  return { hits: isAsked && isThere ? reply.hits : [], isSearching: isAsked && !isThere };
}

/**
 * Every page, action and switch by a few letters, and any payment session by its identifier. A combobox in a
 * dialog: the focus stays in the field, the arrow keys move through the list.
 */
export default function CommandMenu({
  onClose,
  ...context
}: CommandContext & {
  onClose: () => void;
}) {
  const id = useId();
  const [query, setQuery] = useState("");
  const [marked, setMarked] = useState(0);
  const before = useRef(document.activeElement);
  const list = useRef<HTMLDivElement>(null);
  const navigate = useNavigate();
  const { hits, isSearching } = useSessionHits(query);
  const sessions = sessionCommands(query, hits, context.scope);
  const commands = findCommands(useCommands(context), query);
  // What was found by its identifier is what was looked for.
  const shown = hits.length > 0 ? [...sessions, ...commands] : [...commands, ...sessions];
  const at = Math.min(marked, shown.length - 1);

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  });

  const choose = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    if (command.to) navigate(command.to);
    else command.run?.();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const last = shown.length - 1;
    const moves: Record<string, number> = {
      ArrowDown: at === last ? 0 : at + 1,
      ArrowUp: at <= 0 ? last : at - 1,
      PageDown: Math.min(at + 8, last),
      PageUp: Math.max(at - 8, 0),
    };
    const move = moves[event.key];
    if (move !== undefined) setMarked(move);
    else if (event.key === "Enter") choose(shown[at]);
    else return;
    event.preventDefault();
  };
  const groups = [...new Set(shown.map(({ group }) => group))];

  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Overlay className={scrimClasses} />
        <Dialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            const isThere = before.current instanceof HTMLElement && before.current.isConnected;
            (isThere ? (before.current as HTMLElement) : document.getElementById("main"))?.focus();
          }}
          className="fixed inset-x-0 top-[12vh] z-40 mx-auto flex max-h-[min(480px,76dvh)] w-[min(600px,calc(100vw-24px))] animate-rise-in flex-col overflow-hidden rounded-xl border border-border bg-surface-raised text-text shadow-lg focus:outline-none max-sm:top-3"
        >
          <Dialog.Title className="sr-only">Command menu</Dialog.Title>
          <div className="flex items-center gap-2 border-b border-border px-4">
            <Search className="text-text-3" />
            <input
              role="combobox"
              aria-expanded
              aria-controls={`${id}-list`}
              aria-activedescendant={shown[at] ? `${id}-${at}` : undefined}
              aria-autocomplete="list"
              aria-label="Page, action, or any identifier of a payment session"
              placeholder="Page, action, order, e-mail or session id"
              autoComplete="off"
              autoCorrect="off"
              spellCheck={false}
              maxLength={320}
              value={query}
              onChange={(event) => {
                setQuery(event.currentTarget.value);
                setMarked(0);
              }}
              onKeyDown={onKeyDown}
              className="h-12 min-w-0 flex-1 bg-transparent text-md outline-none placeholder:text-text-3 max-sm:text-[16px]"
            />
            <Kbd>Esc</Kbd>
          </div>
          <div
            ref={list}
            id={`${id}-list`}
            role="listbox"
            aria-label="Commands"
            aria-busy={isSearching}
            className="min-h-0 flex-1 overflow-y-auto p-2"
          >
            {groups.map((group, number) => (
              // biome-ignore lint/a11y/useSemanticElements: a group of options, which no element is
              <div key={group} role="group" aria-labelledby={`${id}-group-${number}`}>
                <p id={`${id}-group-${number}`} className="px-2 pt-2 pb-1 text-sm text-text-3">
                  {group}
                </p>
                {shown.map((command, index) =>
                  command.group === group ? (
                    <Option
                      key={command.id}
                      id={`${id}-${index}`}
                      command={command}
                      isMarked={index === at}
                      onMark={() => setMarked(index)}
                      onChoose={() => choose(command)}
                    />
                  ) : null,
                )}
              </div>
            ))}
          </div>
          <p role="status" className={shown.length > 0 ? "sr-only" : "px-4 pb-4 text-text-2"}>
            {shown.length === 0 ? "Nothing has these words." : `${shown.length} found`}
          </p>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Option({
  id,
  command,
  isMarked,
  onMark,
  onChoose,
}: {
  id: string;
  command: Command;
  isMarked: boolean;
  onMark: () => void;
  onChoose: () => void;
}) {
  return (
    // The field has the focus and the keys; this is for the pointer.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    // biome-ignore lint/a11y/useFocusableInteractive: see above
    <div
      id={id}
      role="option"
      aria-selected={isMarked}
      onPointerMove={isMarked ? undefined : onMark}
      onClick={onChoose}
      className={cn(
        "flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md px-2 py-1 max-sm:min-h-11 [&>.icon]:flex-none [&>.icon]:text-text-3",
        isMarked && "bg-surface-hover shadow-[inset_2px_0_0_var(--accent)]",
      )}
    >
      {command.icon}
      <span className="min-w-0 flex-1 truncate">{command.label}</span>
      {command.note ? <span className="truncate text-sm text-text-3">{command.note}</span> : null}
    </div>
  );
}
