import { Link } from "@remix-run/react";
import { useEffect, useRef, useState } from "react";
import { PAGE, useListParams } from "~/components/data-table/search-params";
import { useLiveChanges } from "~/components/layout/use-live-changes";
import { formatCount } from "~/components/ui/format";
import { ArrowUp } from "~/components/ui/icons";

/**
 * "12 new": sessions that the list has gained since it was loaded. They wait behind this link, so that no row
 * moves under a reader.
 */
export function NewRows({ base, loadedAt, total }: { base: string; loadedAt: string; total: number }) {
  const { params, href } = useListParams();
  const [newer, setNewer] = useState(0);
  const asked = new URLSearchParams(params);
  asked.set("at", loadedAt);
  asked.set("total", String(total));
  const address = `${base}/sessions/newer?${asked}`;
  const current = useRef(address);
  current.current = address;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list, or the same one loaded again, has nothing new yet
  useEffect(() => setNewer(0), [address]);
  useLiveChanges(`${base}/live`, async () => {
    const reply = await fetch(address).catch(() => null);
    if (!reply?.ok || reply.redirected) return;
    const { newer: count } = (await reply.json()) as { newer: number };
    // An answer about a list that is not there any more says nothing.
    if (current.current === address) setNewer(count);
  });
  return (
    <span role="status">
      {newer > 0 ? (
        <Link
          to={href({ [PAGE]: null })}
          className="inline-flex h-[30px] items-center gap-1.5 rounded-full bg-accent-solid px-3 font-medium whitespace-nowrap text-on-accent shadow-lg hover:bg-accent-solid-hover focus-visible:rounded-full [&_.icon]:size-3.5"
        >
          <ArrowUp aria-hidden />
          {formatCount(newer)} new
        </Link>
      ) : null}
    </span>
  );
}
