import type { ReactNode } from "react";

/** One line of the command menu. */
export interface Command {
  /** Unique in the menu. */
  id: string;
  group: string;
  label: string;
  /** A second, quiet text at the end: the state, the section. */
  note?: string;
  /** Other words that it is found by. */
  keywords?: string;
  icon?: ReactNode;
  /** Goes there; `run` is for what is no page. */
  to?: string;
  run?: () => void;
}

const plain = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** 0 when the text is in nothing of it; more the nearer to the label's beginning. */
function weight(command: Command, words: readonly string[]): number {
  const label = plain(command.label);
  const all = `${label} ${plain(command.group)} ${plain(command.keywords ?? "")} ${plain(command.note ?? "")}`;
  if (!words.every((word) => all.includes(word))) return 0;
  const [first = ""] = words;
  if (label.startsWith(first)) return 4;
  if (label.split(/[\s/-]+/).some((part) => part.startsWith(first))) return 3;
  return label.includes(first) ? 2 : 1;
}

/**
 * The commands that have every word of `query`, those whose label begins with it first; otherwise in the
 * order that they are given in. Groups stay together, in the order of their best command.
 */
export function findCommands(commands: readonly Command[], query: string): Command[] {
  const words = plain(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...commands];
  const found = commands
    .map((command, index) => ({ command, index, weight: weight(command, words) }))
    .filter((one) => one.weight > 0)
    .sort((a, b) => b.weight - a.weight || a.index - b.index);
  const groups = [...new Set(found.map(({ command }) => command.group))];
  return groups.flatMap((group) =>
    found.filter(({ command }) => command.group === group).map(({ command }) => command),
  );
}
