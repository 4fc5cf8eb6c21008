import { useSubmit } from "@remix-run/react";
import { useEffect } from "react";
import { buttonVariants } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { useToast } from "~/components/ui/toast";
import { HiddenFields } from "./submit-button";

/** What the last form did, said once, and how it is taken back. `id` tells two equal texts apart. */
type Notice = { id: string; text: string; undo: { path: string; intent: string; id: string } | null };

/** Long enough to read it and find the button by keyboard (WCAG 2.2.1 asks for time). */
const UNDO_MS = 15_000;

const said = new Set<string>();

/** Says it as a toast; without JavaScript, at the top of the page. */
export function NoticeMessage({ notice }: { notice: Notice | null }) {
  const toast = useToast();
  const submit = useSubmit();
  useEffect(() => {
    if (!notice || said.has(notice.id)) return;
    said.add(notice.id);
    const { text, undo } = notice;
    if (undo === null) return toast({ title: text });
    const { path, ...fields } = undo;
    toast({
      title: text,
      duration: UNDO_MS,
      action: {
        label: "Undo",
        altText: "F8 moves to the button that undoes it",
        onSelect: () => submit(fields, { method: "post", action: path, preventScrollReset: true }),
      },
    });
  }, [notice, toast, submit]);
  if (!notice) return null;
  return (
    <noscript>
      <Callout tone="success" className="mb-4">
        <p>{notice.text}</p>
        {notice.undo ? (
          <form method="post" action={notice.undo.path} className="mt-2">
            <HiddenFields values={{ intent: notice.undo.intent, id: notice.undo.id }} />
            <button type="submit" className={buttonVariants({ size: "sm" })}>
              Undo
            </button>
          </form>
        ) : null}
      </Callout>
    </noscript>
  );
}
