import type { Config } from "tailwindcss";

/** One status pair of `tokens.css`: text on its own soft background. */
const pair = (name: string) => ({
  DEFAULT: `var(--${name}-fg)`,
  fg: `var(--${name}-fg)`,
  bg: `var(--${name}-bg)`,
});

/**
 * Tailwind reads the tokens of `app/styles/tokens.css` by name; no value is written twice.
 * Spacing stays Tailwind's 4 px grid. Breakpoints are those of the mock: 640 phones (cards instead
 * of rows), 900 drawer instead of sidebar, 1180 one column.
 */
export default {
  content: [],
  theme: {
    screens: { sm: "641px", md: "761px", lg: "901px", xl: "1181px", "2xl": "1441px" },
    colors: {
      transparent: "transparent",
      current: "currentColor",
      bg: "var(--bg)",
      surface: {
        DEFAULT: "var(--surface)",
        raised: "var(--surface-raised)",
        sunken: "var(--surface-sunken)",
        hover: "var(--surface-hover)",
      },
      scrim: "var(--scrim)",
      border: { DEFAULT: "var(--border)", strong: "var(--border-strong)", control: "var(--border-control)" },
      text: { DEFAULT: "var(--text)", 2: "var(--text-2)", 3: "var(--text-3)" },
      accent: {
        DEFAULT: "var(--accent)",
        solid: "var(--accent-solid)",
        "solid-hover": "var(--accent-solid-hover)",
        soft: "var(--accent-soft)",
      },
      "on-accent": "var(--on-accent)",
      focus: "var(--focus)",
      test: { bg: "var(--test-bg)", fg: "var(--test-fg)", line: "var(--test-line)" },
      success: pair("success"),
      danger: { ...pair("danger"), solid: "var(--danger-solid)" },
      warning: pair("warning"),
      info: pair("info"),
      neutral: pair("neutral"),
      chart: {
        succeeded: "var(--chart-succeeded)",
        failed: "var(--chart-failed)",
        expired: "var(--chart-expired)",
        action: "var(--chart-action)",
        processing: "var(--chart-processing)",
        pending: "var(--chart-pending)",
        grid: "var(--chart-grid)",
        axis: "var(--chart-axis)",
        band: "var(--chart-band)",
      },
      series: { 1: "var(--series-1)", 2: "var(--series-2)", 3: "var(--series-3)" },
    },
    fontFamily: { sans: "var(--font-sans)", mono: "var(--font-mono)" },
    fontSize: {
      xs: ["var(--text-xs)", "var(--leading-xs)"],
      sm: ["var(--text-sm)", "var(--leading-sm)"],
      base: ["var(--text-base)", "var(--leading-base)"],
      md: ["var(--text-md)", "var(--leading-md)"],
      lg: ["var(--text-lg)", "var(--leading-lg)"],
      xl: ["var(--text-xl)", "var(--leading-xl)"],
    },
    fontWeight: {
      normal: "var(--weight-normal)",
      medium: "var(--weight-medium)",
      semibold: "var(--weight-bold)",
      bold: "var(--weight-bold)",
    },
    borderRadius: {
      none: "0",
      sm: "var(--radius-sm)",
      md: "var(--radius-md)",
      lg: "var(--radius-lg)",
      xl: "var(--radius-xl)",
      full: "var(--radius-full)",
    },
    boxShadow: {
      none: "none",
      sm: "var(--shadow-sm)",
      md: "var(--shadow-md)",
      lg: "var(--shadow-lg)",
    },
    extend: {
      spacing: {
        control: "var(--control-h)",
        row: "var(--row-h)",
        "row-compact": "var(--row-h-compact)",
        topbar: "var(--topbar-h)",
        testbar: "var(--testbar-h)",
        sidebar: "var(--sidebar-w)",
      },
      maxWidth: { content: "var(--content-max)" },
    },
  },
} satisfies Config;
