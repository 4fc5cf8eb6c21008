/** Loads `href` in the page's place after so many seconds: by the page's script, and without it by the browser itself. */
export function RefreshAfter({ href, seconds }: { href: string; seconds: number }) {
  return (
    <>
      <span hidden data-refresh={href} data-seconds={seconds} />
      <noscript>
        <meta httpEquiv="refresh" content={`${seconds};url=${href}`} />
      </noscript>
    </>
  );
}
