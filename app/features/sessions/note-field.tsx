import { type KeyboardEvent, type RefObject, useId, useRef, useState } from "react";
import { cn } from "~/components/ui/cn";
import { floatingClasses } from "~/components/ui/floating";
import { Textarea } from "~/components/ui/textarea";
import type { NotesView } from "./session-notes.presenter.server";

type Member = NotesView["team"][number];

/** An "@" before the caret and what was typed after it; null while no member is being named. */
function typedName(field: HTMLTextAreaElement): { start: number; text: string } | null {
  const before = field.value.slice(0, field.selectionStart);
  const match = /(?:^|[\s(])@([\p{L}\p{N}.' -]{0,40})$/u.exec(before);
  return match ? { start: before.length - (match[1]?.length ?? 0), text: match[1] ?? "" } : null;
}

/** The text of a note. After "@" it offers the members whose name begins so; without JavaScript the name is typed. */
export function NoteField({
  field,
  team,
  hintId,
  defaultValue,
  isInvalid,
}: {
  field: RefObject<HTMLTextAreaElement>;
  team: readonly Member[];
  hintId: string;
  defaultValue: string;
  isInvalid: boolean;
}) {
  const [offered, setOffered] = useState<readonly Member[]>([]);
  const [active, setActive] = useState(0);
  const start = useRef(0);
  const list = useId();

  const look = () => {
    const typed = field.current && typedName(field.current);
    const name = typed?.text.toLowerCase() ?? "";
    start.current = typed?.start ?? 0;
    setActive(0);
    setOffered(
      typed === null ? [] : team.filter((one) => one.name.toLowerCase().startsWith(name)).slice(0, 6),
    );
  };
  const choose = (member: Member) => {
    const element = field.current;
    if (!element) return;
    element.setRangeText(`${member.handle} `, start.current, element.selectionStart, "end");
    element.focus();
    setOffered([]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const member = offered[active];
    if (member === undefined) return;
    if (event.key === "ArrowDown") setActive((active + 1) % offered.length);
    else if (event.key === "ArrowUp") setActive((active + offered.length - 1) % offered.length);
    else if (event.key === "Enter" || event.key === "Tab") choose(member);
    else if (event.key === "Escape") setOffered([]);
    else return;
    event.preventDefault();
  };

  return (
    <div className="relative">
      <Textarea
        ref={field}
        id="note"
        name="body"
        required
        maxLength={2000}
        defaultValue={defaultValue}
        placeholder="Add a note for your team"
        aria-label="Add a note for your team"
        aria-describedby={hintId}
        aria-invalid={isInvalid || undefined}
        aria-autocomplete="list"
        aria-controls={offered.length > 0 ? list : undefined}
        aria-activedescendant={offered.length > 0 ? `${list}-${active}` : undefined}
        onInput={look}
        onClick={look}
        onKeyDown={onKeyDown}
        onBlur={() => setOffered([])}
      />
      {offered.length > 0 ? (
        <div
          id={list}
          role="listbox"
          aria-label="Members of the team"
          className={cn(floatingClasses, "absolute top-full right-0 left-0 z-10 mt-1 p-1")}
        >
          {offered.map((member, index) => (
            <div
              key={member.id}
              id={`${list}-${index}`}
              role="option"
              aria-selected={index === active}
              tabIndex={-1}
              className={cn("cursor-pointer rounded-md px-2 py-1.5", index === active && "bg-accent-soft")}
              // Before the field loses the focus.
              onMouseDown={(event) => {
                event.preventDefault();
                choose(member);
              }}
            >
              {member.name}
              {member.handle === member.name ? null : <span className="text-text-3"> {member.handle}</span>}
            </div>
          ))}
        </div>
      ) : null}
    </div>
  );
}
