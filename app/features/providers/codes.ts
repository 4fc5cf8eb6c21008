/** "eur, usd" as people type a list of codes → ["EUR", "USD"]. */
export function codesOf(text: string): string[] {
  return text
    .toUpperCase()
    .split(/[\s,;]+/)
    .filter(Boolean);
}
