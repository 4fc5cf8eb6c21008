import { useEffect } from "react";

/**
 * Loads `href` in the page's place after so many seconds: by a timer, and without JavaScript by the
 * browser itself. A whole document each time, because the answer may be another site.
 */
export function RefreshAfter({ href, seconds }: { href: string; seconds: number }) {
  useEffect(() => {
    const timer = setTimeout(() => window.location.replace(href), seconds * 1000);
    return () => clearTimeout(timer);
  }, [href, seconds]);
  return (
    <noscript>
      <meta httpEquiv="refresh" content={`${seconds};url=${href}`} />
    </noscript>
  );
}
