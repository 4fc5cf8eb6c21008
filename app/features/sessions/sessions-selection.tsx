import { type ReactNode, useEffect, useRef, useState } from "react";
import { HiddenParams } from "~/components/data-table/hidden-params";
import { laterPart } from "~/components/ui/later-part";
import { ASK, ID } from "./chosen";

const ChosenBar = laterPart(() => import("./chosen-bar").then((all) => all.ChosenBar), null);

/** The list as a form: what is chosen in it can be exported, copied and expired. */
export function ChosenSessions({
  base,
  canExpire,
  listKey,
  children,
}: {
  base: string;
  canExpire: boolean;
  /** Changes with the rows: what was chosen among others is chosen no more. */
  listKey: string;
  children: ReactNode;
}) {
  const form = useRef<HTMLFormElement>(null);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const read = () => {
    if (form.current) setChosen(new FormData(form.current).getAll(ID).map(String));
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the boxes of other rows are new ones
  useEffect(read, [listKey]);
  return (
    <form
      ref={form}
      method="get"
      onChange={read}
      onKeyDown={(event) => {
        // Enter on a box would press the first button.
        if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault();
      }}
    >
      <HiddenParams except={[ID, ASK]} />
      {children}
      {chosen.length > 0 ? <ChosenBar base={base} canExpire={canExpire} chosen={chosen} /> : null}
      <noscript>
        {import.meta.env.SSR ? <ChosenBar base={base} canExpire={canExpire} chosen={[]} /> : null}
      </noscript>
    </form>
  );
}
