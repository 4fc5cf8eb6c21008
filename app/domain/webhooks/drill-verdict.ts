import type { DrillCall, DrillKind, DrillVerdict } from "~/contracts/webhook-drill";
import { acknowledgementOf } from "./acknowledgement";

/** A receiver should have answered by then: work that takes longer belongs after the answer. */
const ACKNOWLEDGE_WITHIN_MS = 5_000;

/**
 * How an endpoint took one step of the drill, as far as its answers say.
 * @param calls the step's own, in order; of "duplicate" the first is the valid one that it repeats.
 * @param isValidTaken whether the valid event was taken: one that refuses everything proves nothing by refusing.
 */
export function drillVerdict(
  kind: DrillKind,
  calls: readonly DrillCall[],
  isValidTaken: boolean,
): DrillVerdict {
  const last = calls.at(-1);
  if (last === undefined) return { verdict: "unknown", finding: "Nothing was sent.", fix: null };
  switch (kind) {
    case "valid":
    case "still_there":
      return taken(last, kind === "valid" ? "a valid event" : "a valid event after all this");
    case "duplicate":
      return duplicate(calls[0] ?? last, last);
    case "reordered": {
      const refused = calls.find((call) => !isTaken(call));
      if (!refused) return pass("It took a later event of a session and then an earlier one.");
      return {
        verdict: "fail",
        finding: `${answered(refused)} when a session's events came in the wrong order.`,
        fix: "Take events in any order: compare `sequence` with the last one of the session, and answer 2xx to an old one without acting on it.",
      };
    }
    case "late":
      if (isTaken(last)) return pass("It took an event that happened three days ago and was signed now.");
      return {
        verdict: "fail",
        finding: `${answered(last)} to an event that is three days old.`,
        fix: "Retries go on for three days. Check the age of the `webhook-timestamp` header, which is new on every try, and not `createdAt`.",
      };
    case "replayed":
      return refused(last, isValidTaken, {
        verdict: "warn",
        what: "an event that was signed an hour ago",
        fix: "Refuse a `webhook-timestamp` that is more than five minutes from now: what somebody recorded could be sent to you again.",
      });
    case "bad_signature":
      return refused(last, isValidTaken, {
        verdict: "fail",
        what: "an event that was signed with another secret",
        fix: "Verify `webhook-signature` before anything else: without it, anybody who knows the URL can mark an order as paid.",
      });
    case "tampered":
      return refused(last, isValidTaken, {
        verdict: "fail",
        what: "an event whose body was changed after it was signed",
        fix: "Verify the signature over the raw body, byte for byte as it came, before it is parsed.",
      });
    case "oversized":
      if (last.status !== null && last.status < 500) {
        return pass(`${answered(last)} to a body of 1 MiB, and was done with it.`);
      }
      return {
        verdict: "warn",
        finding: `${answered(last)} to a body of 1 MiB.`,
        fix: "Limit the size of a body and answer 413 above it: real events are a few kilobytes.",
      };
  }
}

const pass = (finding: string): DrillVerdict => ({ verdict: "pass", finding, fix: null });

/** Whether the endpoint said that it has the event. */
export function isTaken({ status }: DrillCall): boolean {
  return status !== null && status >= 200 && status < 300;
}

const answered = (call: DrillCall) =>
  call.status === null
    ? `There was no answer (${call.error ?? "for an unknown reason"})`
    : `It answered ${call.status}`;

function taken(call: DrillCall, what: string): DrillVerdict {
  if (!isTaken(call)) {
    return { verdict: "fail", finding: `${answered(call)} to ${what}.`, fix: fixOf(call.status) };
  }
  const seconds = (call.durationMs / 1000).toFixed(1);
  if (call.durationMs <= ACKNOWLEDGE_WITHIN_MS) return pass(`It took ${what} within ${seconds} s.`);
  return {
    verdict: "warn",
    finding: `It took ${what}, but needed ${seconds} s.`,
    fix: "Store the event, answer 2xx, and work on it afterwards: after 15 s the try counts as failed.",
  };
}

function fixOf(status: number | null): string {
  if (status === null) return "Check that the URL is right and that your server can be reached from outside.";
  if (status >= 300 && status < 400) return "Redirects are not followed: enter the URL that it leads to.";
  if (status === 401 || status === 403)
    return "Check that your server verifies with this endpoint's own secret, over the raw body.";
  if (status === 404 || status === 405) return "Check the path of the URL, and that it takes POST.";
  if (status >= 500) return "Your server failed: look into its log at the time of this request.";
  return "Answer 2xx to every event that is signed correctly, also to those that you do not use.";
}

function duplicate(first: DrillCall, second: DrillCall): DrillVerdict {
  if (!isTaken(first)) {
    return {
      verdict: "unknown",
      finding: "It did not take the event the first time, so there was none to repeat.",
      fix: null,
    };
  }
  if (!isTaken(second)) {
    return {
      verdict: "fail",
      finding: `${answered(second)} to an event that it had taken before.`,
      fix: "Answer 2xx to a `webhook-id` that you know: anything else is taken for a failure and sent again.",
    };
  }
  const [before, after] = [acknowledgementOf(first.responseBody), acknowledgementOf(second.responseBody)];
  if (before?.orderId && after?.orderId) {
    if (before.orderId === after.orderId)
      return pass(`It answered with the same order, ${after.orderId}, both times.`);
    return {
      verdict: "fail",
      finding: `It fulfilled two orders for one event: ${before.orderId} and ${after.orderId}.`,
      fix: "Keep each `webhook-id` that you have handled, under a unique constraint, and do nothing for one that you know.",
    };
  }
  return {
    verdict: "unknown",
    finding: "It took the same event twice. Whether it acted once cannot be seen from its answers.",
    fix: 'Keep each `webhook-id` that you have handled. An answer like {"fulfilled": true, "orderId": "…"} shows it here.',
  };
}

function refused(
  call: DrillCall,
  isValidTaken: boolean,
  bad: { verdict: "fail" | "warn"; what: string; fix: string },
): DrillVerdict {
  if (isTaken(call)) return { verdict: bad.verdict, finding: `It took ${bad.what}.`, fix: bad.fix };
  if (!isValidTaken) {
    return { verdict: "unknown", finding: "It refuses valid events too, so that says nothing.", fix: null };
  }
  if (call.status !== null && call.status >= 400 && call.status < 500) {
    return pass(`It refused ${bad.what} with ${call.status}.`);
  }
  return {
    verdict: "warn",
    finding: `${answered(call)} to ${bad.what}: it did not take it, but by failing.`,
    fix: "Answer 400 or 401 to what you refuse, so that your own alarms stay for real failures.",
  };
}
