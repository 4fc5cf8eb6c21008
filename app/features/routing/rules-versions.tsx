import { Pager } from "~/components/data-table/pager";
import { Badge } from "~/components/ui/badge";
import { ButtonLink } from "~/components/ui/button";
import { Card, CardHeader } from "~/components/ui/card";
import { History, Undo2 } from "~/components/ui/icons";
import { Time } from "~/components/ui/time";
import type { RulesView, VersionView } from "./rules.presenter.server";

/** Every version, newest first: when, who, what changed, and the way back to it. */
export function RulesVersions({
  view,
  mayWrite,
  path,
}: {
  view: RulesView;
  mayWrite: boolean;
  path: string;
}) {
  const { items, page, limit, totalItems } = view.versions;
  return (
    <Card aria-labelledby="versions-title" className="mt-4">
      <CardHeader
        id="versions-title"
        title="Versions"
        note="newest first; each decision’s receipt names the one that it was made by"
      />
      <ol>
        {items.map((item) => (
          <Version
            key={item.version}
            item={item}
            isCurrent={item.version === view.version}
            revertTo={mayWrite && item.version < view.version ? `${path}?revert=${item.version}` : null}
          />
        ))}
      </ol>
      {totalItems > Math.min(limit, 20) ? <Pager page={page} limit={limit} totalItems={totalItems} /> : null}
    </Card>
  );
}

function Version({
  item,
  isCurrent,
  revertTo,
}: {
  item: VersionView;
  isCurrent: boolean;
  /** Null where it cannot be gone back to. */
  revertTo: string | null;
}) {
  const { version, at, author, note, changes, rules } = item;
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 border-t border-border px-4 py-3">
      <div className="min-w-0 flex-1 basis-72">
        <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-bold">Version {version}</span>
          {isCurrent ? (
            <Badge tone="success" icon={<History />}>
              Counts now
            </Badge>
          ) : null}
          <span className="text-sm text-text-2">
            {at === null ? (
              "the defaults"
            ) : (
              <>
                <Time iso={at} />
                {author ? ` by ${author}` : null}
              </>
            )}
          </span>
        </h3>
        {note ? <p className="break-words">{note}</p> : null}
        {changes.length > 0 ? (
          <p className="text-sm text-text-2">Changed: {changes.join("; ")}.</p>
        ) : at === null ? null : (
          <p className="text-sm text-text-2">The same settings as the version before.</p>
        )}
        {rules.length > 0 ? (
          <details className="mt-1">
            <summary className="w-fit py-0.5 text-sm text-text-2 hover:text-text">
              {rules.length === 1 ? "1 rule" : `${rules.length} rules`}
            </summary>
            <ul className="mt-1 grid gap-0.5 text-sm">
              {rules.map(({ kind, position, text }) => (
                <li key={`${kind}${position}`} className="break-words">
                  <span className="text-text-3">
                    {kind === "limit" ? "amount limit" : kind} {position}
                  </span>{" "}
                  {text}
                </li>
              ))}
            </ul>
          </details>
        ) : null}
      </div>
      {revertTo ? (
        <ButtonLink to={revertTo} size="sm" prefetch="none" preventScrollReset>
          <Undo2 />
          Revert<span className="sr-only"> to version {version}</span>
        </ButtonLink>
      ) : null}
    </li>
  );
}
