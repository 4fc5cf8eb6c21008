import { Dialog } from "~/components/ui/dialog";
import { Keyboard } from "~/components/ui/icons";
import { Kbd } from "~/components/ui/kbd";
import { commandKey } from "./platform";

/** What the keyboard can do, on every page and on some. */
const sections: readonly { title: string; keys: readonly (readonly [keys: string[], what: string])[] }[] = [
  {
    title: "Everywhere",
    keys: [
      [[commandKey(), "K"], "Command menu: pages, actions, any payment session"],
      [["/"], "Search payment sessions"],
      [["?"], "This list"],
      [["Esc"], "Close what is open"],
    ],
  },
  {
    title: "In menus and lists",
    keys: [
      [["↑", "↓"], "Move"],
      [["Enter"], "Open or choose"],
      [["Home"], "First"],
      [["End"], "Last"],
    ],
  },
  { title: "Notifications", keys: [[["F8"], "Move to the newest one"]] },
];

export default function ShortcutSheet({ onClose }: { onClose: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Keyboard shortcuts"
      icon={<Keyboard />}
    >
      <div className="grid gap-4">
        {sections.map(({ title, keys }) => (
          <section key={title} aria-label={title}>
            <h3 className="mb-1 text-sm text-text-3">{title}</h3>
            <dl className="grid gap-1">
              {keys.map(([names, what]) => (
                <div key={what} className="flex items-center justify-between gap-4">
                  <dt>{what}</dt>
                  <dd className="flex flex-none gap-1">
                    {names.map((name) => (
                      <Kbd key={name}>{name}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
