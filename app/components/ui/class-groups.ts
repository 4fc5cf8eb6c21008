import type { createTailwindMerge } from "tailwind-merge";

type Config = ReturnType<Parameters<typeof createTailwindMerge>[0]>;

const any = () => true;
const isImage = (value: string) => /^\[[a-z-]+-gradient/.test(value);
const isLength = (value: string) => /^(\d|\[[\d.])/.test(value);
const isInset = (value: string) => value.startsWith("[inset");

/** Of classes with one of these beginnings and anything after it, the last one counts. */
const prefixes = [
  ..."p px py pt pr pb pl m mx my mt mr mb ml inset inset-x inset-y top right bottom left scroll-mt".split(
    " ",
  ),
  ..."h w size min-h min-w max-h max-w basis order z gap gap-x gap-y opacity leading tracking".split(" "),
  ..."grid-cols grid-rows items justify justify-items accent cursor transition".split(" "),
  ..."outline-offset col-span translate-x translate-y overflow overflow-x overflow-y whitespace".split(" "),
  ..."rounded rounded-t".split(" "),
];

const sides = ["t", "r", "b", "l"];

/**
 * Which of our utility classes set the same property, for `cn`: the groups of tailwind-merge's own configuration
 * that this app has classes of, whose values need no check because they are all ours. A test compares the two.
 */
export const classGroups: Config = {
  cacheSize: 500,
  theme: {},
  classGroups: {
    ...Object.fromEntries(prefixes.map((prefix) => [prefix, [{ [prefix]: [any] }]])),
    display: [
      "block",
      "inline-block",
      "inline",
      "flex",
      "inline-flex",
      "table",
      "grid",
      "inline-grid",
      "contents",
      "hidden",
    ],
    position: ["static", "fixed", "absolute", "relative", "sticky"],
    visibility: ["visible", "invisible"],
    flex: [{ flex: [isLength, "auto", "none"] }],
    "flex-direction": [{ flex: ["row", "col"] }],
    "flex-wrap": [{ flex: ["wrap", "nowrap"] }],
    shrink: ["shrink", "shrink-0"],
    "font-size": [{ text: ["xs", "sm", "base", "md", "lg", "xl", isLength] }],
    "text-align": [{ text: ["left", "center", "right"] }],
    "text-wrap": [{ text: ["pretty"] }],
    "text-color": [{ text: [any] }],
    "text-decoration": ["underline", "no-underline"],
    "text-transform": ["uppercase", "lowercase"],
    "font-weight": [{ font: ["normal", "medium", "bold"] }],
    "font-family": [{ font: ["sans", "mono", "src"] }],
    align: [{ align: ["middle", "top", "bottom"] }],
    break: ["break-words", "break-all"],
    list: [{ list: ["none", "disc", "decimal"] }],
    animate: [{ animate: ["spin", "pulse"] }],
    "bg-image": [{ bg: [isImage] }],
    "bg-color": [{ bg: [any] }],
    shadow: [{ shadow: ["none", "sm", "md", "lg", isInset] }],
    "outline-width": [{ outline: ["", isLength] }],
    "outline-color": [{ outline: ["focus", "test-fg"] }],
    content: [{ content: ["start", "center"] }],
    "border-collapse": ["border-collapse"],
    "border-style": [{ border: ["solid", "dashed"] }],
    "border-width": [{ border: ["", isLength] }],
    "border-color": [{ border: [any] }],
    ...Object.fromEntries(
      sides.flatMap((side) => [
        [`border-width-${side}`, [{ [`border-${side}`]: ["", isLength] }]],
        [`border-color-${side}`, [{ [`border-${side}`]: [any] }]],
      ]),
    ),
  },
  conflictingClassGroups: {
    p: ["px", "py", "pt", "pr", "pb", "pl"],
    px: ["pr", "pl"],
    py: ["pt", "pb"],
    m: ["mx", "my", "mt", "mr", "mb", "ml"],
    mx: ["mr", "ml"],
    my: ["mt", "mb"],
    inset: ["inset-x", "inset-y", "top", "right", "bottom", "left"],
    "inset-x": ["right", "left"],
    "inset-y": ["top", "bottom"],
    size: ["w", "h"],
    flex: ["basis", "shrink"],
    gap: ["gap-x", "gap-y"],
    overflow: ["overflow-x", "overflow-y"],
    rounded: ["rounded-t"],
    "font-size": ["leading"],
    "border-width": sides.map((side) => `border-width-${side}`),
    "border-color": sides.map((side) => `border-color-${side}`),
  },
  conflictingClassGroupModifiers: { "font-size": ["leading"] },
  postfixLookupClassGroups: [],
  orderSensitiveModifiers: ["before", "after"],
};
