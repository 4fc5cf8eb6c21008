import { useEffect } from "react";
import { Callout } from "~/components/ui/callout";
import { useToast } from "~/components/ui/toast";

/** What the last form did, said once. `id` tells two equal texts apart. */
type Notice = { id: string; text: string };

const said = new Set<string>();

/** Says it as a toast; without JavaScript, at the top of the page. */
export function NoticeMessage({ notice }: { notice: Notice | null }) {
  const toast = useToast();
  useEffect(() => {
    if (!notice || said.has(notice.id)) return;
    said.add(notice.id);
    toast({ title: notice.text });
  }, [notice, toast]);
  if (!notice) return null;
  return (
    <noscript>
      <Callout tone="success" className="mb-4">
        {notice.text}
      </Callout>
    </noscript>
  );
}
