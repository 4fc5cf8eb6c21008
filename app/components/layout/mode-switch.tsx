import { Segmented } from "~/components/ui/segmented";

export type ModeSwitchProps = { mode: "test" | "live"; testTo: string; liveTo: string };

/** Test or live, as two links. */
export function ModeSwitch({ mode, testTo, liveTo }: ModeSwitchProps) {
  return (
    <Segmented
      label="Mode"
      items={[
        { to: testTo, label: "Test", current: mode === "test", tone: "test" },
        { to: liveTo, label: "Live", current: mode === "live" },
      ]}
    />
  );
}
