import { useMatches } from "@remix-run/react";

/** `export const handle = plainPage`: the page is served as it is, without Remix's and React's scripts in the browser. */
export const plainPage = { plain: true } as const;

/** Whether the page is a plain one. */
export function useIsPlain(): boolean {
  return useMatches().some(({ handle }) => (handle as Partial<typeof plainPage> | undefined)?.plain === true);
}
