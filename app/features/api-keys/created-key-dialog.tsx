import { ShowOnce } from "~/components/form/show-once";
import { CodeBlock } from "~/components/ui/code-block";
import { formatDateTime } from "~/components/ui/format-time";
import { KeyRound } from "~/components/ui/icons";
import { TextLink } from "~/components/ui/text-link";
import { useTimeZone } from "~/components/ui/time";
import type { TryIt } from "./try-it";

/** A key that was just made: in this response only. */
export interface CreatedKey {
  description: string;
  fullKey: string;
  mode: "test" | "live";
  expiresAt: string | null;
  tryIt: TryIt;
}

/** The key once, with a command that uses it. */
export function CreatedKeyDialog({ created, closeTo }: { created: CreatedKey; closeTo: string }) {
  const timeZone = useTimeZone();
  const expiry = created.expiresAt
    ? `expires ${formatDateTime(new Date(created.expiresAt), timeZone)}`
    : "never expires";
  return (
    <ShowOnce
      title={`Your new ${created.mode} key`}
      icon={<KeyRound />}
      description={
        <>
          Copy it now and store it where your server reads its secrets. We keep only a fingerprint, so{" "}
          <b>nobody can show it again</b>, you included.
        </>
      }
      label={created.description}
      what="API key"
      secret={created.fullKey}
      note={`${created.fullKey.length} characters. Mode ${created.mode}, ${expiry}.`}
      closeTo={closeTo}
    >
      <details open>
        <summary className="mb-2 w-fit text-text-2">Try it</summary>
        <div className="max-h-64 overflow-auto rounded-lg">
          <CodeBlock code={created.tryIt.code} title={created.tryIt.title} note={created.tryIt.note} />
        </div>
        <p className="mt-2 text-sm text-text-2">
          Or send it from the{" "}
          <TextLink inline to="/docs/api/createSession" target="_blank">
            API reference
          </TextLink>{" "}
          (in a new tab: this key is shown once).
        </p>
      </details>
    </ShowOnce>
  );
}
