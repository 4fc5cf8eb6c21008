import { useEffect, useState } from "react";
import { formatLeft, formatUntil } from "./checkout-time";

export interface CountdownProps {
  /** "This checkout is open for another {left}, until {time}." */
  sentence: string;
  /** ISO 8601. */
  expiresAt: string;
  /** What the server wrote: shown until the browser counts. */
  left: string;
  until: string;
  locale: string;
}

/** How long the checkout stays open. Without JavaScript it says it as of loading; at zero the page reloads. */
export function Countdown({ sentence, expiresAt, left, until, locale }: CountdownProps) {
  const end = new Date(expiresAt).getTime();
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    let reloaded = false;
    const tick = () => {
      const current = Date.now();
      setNow(current);
      if (current > end + 1000 && !reloaded) {
        reloaded = true;
        window.location.reload();
      }
    };
    // A page that arrives with a clock far ahead would reload for ever: only the crossing counts.
    if (Date.now() > end) return;
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [end]);

  // In the customer's own zone as soon as the browser can tell it.
  const time = now === null ? until : formatUntil(new Date(end), locale, undefined);
  return (
    <>
      {sentence.split(/(\{left\}|\{time\})/).map((piece) =>
        piece === "{left}" ? (
          <time key={piece} role="timer" className="font-bold text-text">
            {now === null ? left : formatLeft(end - now)}
          </time>
        ) : piece === "{time}" ? (
          time
        ) : (
          piece
        ),
      )}
    </>
  );
}
