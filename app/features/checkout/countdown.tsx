export interface CountdownProps {
  /** "This checkout is open for another {left}, until {time}." */
  sentence: string;
  /** ISO 8601. */
  expiresAt: string;
  /** What the server wrote: it stays without JavaScript; with it checkout-script.js counts on. */
  left: string;
  until: string;
  locale: string;
}

/** How long the checkout stays open, as of loading. At zero the page's script loads it again. */
export function Countdown({ sentence, expiresAt, left, until, locale }: CountdownProps) {
  return (
    <>
      {sentence.split(/(\{left\}|\{time\})/).map((piece) =>
        piece === "{left}" ? (
          <time key={piece} role="timer" data-ends={expiresAt} className="font-bold text-text">
            {left}
          </time>
        ) : piece === "{time}" ? (
          <span key={piece} data-until={locale}>
            {until}
          </span>
        ) : (
          piece
        ),
      )}
    </>
  );
}
