import { Badge } from "~/components/ui/badge";
import {
  Archive,
  CircleCheck,
  CircleX,
  FlaskConical,
  Hourglass,
  RotateCcw,
  TriangleAlert,
} from "~/components/ui/icons";
import { Time } from "~/components/ui/time";
import type { ApiKeyRow } from "./api-keys.presenter.server";

/** Amber is test mode's alone. */
export function KeyModeBadge({ mode }: { mode: ApiKeyRow["mode"] }) {
  return mode === "test" ? (
    <Badge tone="test" icon={<FlaskConical />}>
      Test
    </Badge>
  ) : (
    <Badge tone="outline">Live</Badge>
  );
}

const muted = "block text-sm text-text-3";

/** Until when a key works, or why it does not any more. */
export function KeyExpiry({ row }: { row: ApiKeyRow }) {
  if (row.state === "revoked" && row.revokedAt) {
    return (
      <>
        <Badge tone="outline" icon={<CircleX />}>
          Revoked
        </Badge>
        <span className={muted}>
          <Time iso={row.revokedAt} />
          {row.revokedBy ? ` by ${row.revokedBy}` : null}
        </span>
      </>
    );
  }
  if (row.state === "archived") {
    return (
      <>
        <Badge tone="outline" icon={<Archive />}>
          Refused
        </Badge>
        <span className={muted}>its application is archived</span>
      </>
    );
  }
  if (!row.expiresAt) {
    return (
      <Badge tone="success" icon={<CircleCheck />}>
        Works, no expiry
      </Badge>
    );
  }
  if (row.state === "expired") {
    return (
      <>
        <Badge tone="outline" icon={<Hourglass />}>
          Expired
        </Badge>
        <span className={muted}>
          <Time iso={row.expiresAt} />
        </span>
      </>
    );
  }
  if (row.state === "rolled") {
    return (
      <>
        <Badge tone="info" icon={<RotateCcw />}>
          Rolled
        </Badge>
        <span className={muted}>
          grace period ends <Time iso={row.expiresAt} />
        </span>
      </>
    );
  }
  return row.state === "expiring" ? (
    <>
      <Badge tone="warning" icon={<TriangleAlert />}>
        Expires soon
      </Badge>
      <span className={muted}>
        <Time iso={row.expiresAt} />
      </span>
    </>
  ) : (
    <>
      <Badge tone="success" icon={<CircleCheck />}>
        Works
      </Badge>
      <span className={muted}>
        expires <Time iso={row.expiresAt} />
      </span>
    </>
  );
}

/** When and from where a key was last used, as the end of a sentence. */
export function LastUse({ row }: { row: Pick<ApiKeyRow, "lastUsedAt" | "lastUsedIp"> }) {
  if (!row.lastUsedAt) return <>has never been used</>;
  return (
    <>
      was last used <Time iso={row.lastUsedAt} />
      {row.lastUsedIp ? (
        <>
          {" "}
          from <code>{row.lastUsedIp}</code>
        </>
      ) : null}
    </>
  );
}
