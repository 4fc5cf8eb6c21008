/** As much of the browser's interface as is used here: TypeScript's DOM library does not have it yet. */
interface TrustedTypesFactory {
  createPolicy(
    name: string,
    rules: {
      createHTML(markup: string): string | null;
      createScriptURL(url: string): string | null;
    },
  ): unknown;
}

/** What React 18 makes a script element from when it has to draw a page anew. */
const REACT_SCRIPT = "<script></script>";

/**
 * Markup that a script may put into the page by text: none that could be an element, but for React's own empty
 * script, without which a page that a browser's extension had changed before it was hydrated could not be drawn.
 */
export function allowedMarkup(markup: string): string | null {
  return markup === REACT_SCRIPT || !markup.includes("<") ? markup : null;
}

/** Addresses that a script may load a script from: this build's files. */
export function allowedScriptUrl(url: string, origin: string): string | null {
  if (!URL.canParse(url, origin)) return null;
  const target = new URL(url, origin);
  return target.origin === origin && target.pathname.startsWith("/assets/") ? url : null;
}

/**
 * The page's only Trusted Types policy, which the CSP names: everything that would make an element or run a script
 * from a text goes through it, and code from a text is never made. Call before React runs; nothing where the
 * browser has no Trusted Types.
 */
export function installTrustedTypes(): void {
  const { trustedTypes } = window as { trustedTypes?: TrustedTypesFactory };
  trustedTypes?.createPolicy("default", {
    createHTML: allowedMarkup,
    createScriptURL: (url) => allowedScriptUrl(url, window.location.origin),
  });
}
