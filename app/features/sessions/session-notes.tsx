import { Form } from "@remix-run/react";
import { Fragment, useEffect, useId, useRef } from "react";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { Button, buttonVariants } from "~/components/ui/button";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { ConfirmDialog } from "~/components/ui/confirm-dialog";
import { FieldError } from "~/components/ui/field-error";
import { StickyNote, Trash2 } from "~/components/ui/icons";
import { Time } from "~/components/ui/time";
import { NoteField } from "./note-field";
import type { NotesView, NoteView } from "./session-notes.presenter.server";

/** A note that was refused, with what was typed. */
export interface RefusedNote {
  body: string;
  errors: string[];
}

/** What the team wrote about a session, and a form for more. */
export function NotesCard({
  view: { notes, team },
  canAnnotate,
  formId,
  refused,
}: {
  view: NotesView;
  canAnnotate: boolean;
  /** Names the next note: sent twice, the form adds one. */
  formId: string;
  refused: RefusedNote | null;
}) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const typed = useRef(formId);
  useEffect(() => {
    // What was typed is a note now. A colleague's new one leaves it alone.
    if (notes.some(({ id }) => id === typed.current) && field.current) field.current.value = "";
    typed.current = formId;
  }, [notes, formId]);
  return (
    <Card aria-labelledby="notes">
      <CardHeader title="Notes" id="notes" />
      <CardBody className="grid gap-3">
        {notes.length === 0 ? (
          <p className="text-text-2">
            {canAnnotate ? "No note yet. Only your team sees notes." : "No note yet."}
          </p>
        ) : (
          <ul className="grid gap-3">
            {notes.map((note) => (
              <Note key={note.id} note={note} canDelete={canAnnotate && note.isOwn} />
            ))}
          </ul>
        )}
        {canAnnotate ? (
          <Form method="post" preventScrollReset className="grid justify-items-start gap-2 [&>div]:w-full">
            <input type="hidden" name="intent" value="add-note" />
            <input type="hidden" name="formId" value={formId} />
            <NoteField
              field={field}
              team={team}
              hintId={refused ? `${id}-hint ${id}-error` : `${id}-hint`}
              defaultValue={refused?.body ?? ""}
              isInvalid={refused !== null}
            />
            <FieldError id={`${id}-error`} errors={refused?.errors} />
            <p id={`${id}-hint`} className="text-sm text-text-3">
              {team.length === 0 ? (
                "Only your team sees it."
              ) : (
                <>
                  “@” and a name tells that member:{" "}
                  {team
                    .slice(0, 4)
                    .map(({ name }) => name)
                    .join(", ")}
                  {team.length > 4 ? ` and ${team.length - 4} more` : ""}.
                </>
              )}
            </p>
            <SubmitButton match={{ intent: "add-note" }}>
              <StickyNote /> Add note
            </SubmitButton>
          </Form>
        ) : null}
      </CardBody>
    </Card>
  );
}

function Note({ note, canDelete }: { note: NoteView; canDelete: boolean }) {
  const fields = { intent: "delete-note", id: note.id };
  return (
    <li
      id={`note-${note.id}`}
      className="scroll-mt-4 border-l-2 border-border-strong pl-2.5 target:border-l-accent target:bg-accent-soft"
    >
      <div className="flex items-start gap-2">
        <p className="min-w-0 flex-1">
          <b>{note.author}</b> <Time iso={note.at} className="text-sm text-text-3" />
        </p>
        {canDelete ? (
          <>
            <ConfirmDialog
              trigger={
                <Button
                  variant="ghost"
                  size="icon-sm"
                  aria-label="Delete this note"
                  title="Delete this note"
                  className="-my-1 noscript:hidden"
                >
                  <Trash2 />
                </Button>
              }
              title="Delete your note?"
              description="It goes for everybody, with the notices to those whom it mentions. Mails that were sent stay."
              confirmLabel="Delete note"
              fields={fields}
            />
            <noscript>
              <form method="post">
                <HiddenFields values={fields} />
                <button type="submit" className={buttonVariants({ variant: "ghost", size: "sm" })}>
                  Delete
                </button>
              </form>
            </noscript>
          </>
        ) : null}
      </div>
      <p className="break-words whitespace-pre-wrap">
        {note.pieces.map(({ text, isMention }, index) =>
          isMention ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
            <span key={index} className="rounded-sm bg-accent-soft px-0.5 font-medium text-accent">
              {text}
            </span>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
            <Fragment key={index}>{text}</Fragment>
          ),
        )}
      </p>
    </li>
  );
}
