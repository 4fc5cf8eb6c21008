import { createContext, useContext, useEffect } from "react";

/**
 * The Content-Security-Policy nonce of this response. Empty in the browser: browsers hide the
 * attribute's value from scripts, so an empty string is also what hydration finds there.
 */
const NonceContext = createContext("");

/** Wraps `RemixServer` in entry.server; `value` is the nonce written in the response's CSP header. */
export const NonceProvider = NonceContext.Provider;

export function useNonce(): string {
  return useContext(NonceContext);
}

declare global {
  interface Window {
    __webpack_nonce__?: string;
  }
}

/**
 * Lets the `<style>` that Radix dialogs inject (react-remove-scroll, through get-nonce) pass the CSP.
 * get-nonce reads this global; the value comes from a script that the server rendered. Call in root.
 */
export function useStyleNonce(): void {
  useEffect(() => {
    const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce;
    if (nonce) window.__webpack_nonce__ = nonce;
  }, []);
}
