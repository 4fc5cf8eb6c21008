import { useLocation } from "@remix-run/react";
import type { ReactNode } from "react";
import { useListParams } from "~/components/data-table/search-params";
import { FoldMenu } from "~/components/ui/fold-menu";
import { formatCount } from "~/components/ui/format";
import { Bookmark, BookmarkPlus, Star, Users } from "~/components/ui/icons";
import { inFold } from "~/components/ui/in-fold";
import { Tabs } from "~/components/ui/tabs";
import type { SavedViewsView, SavedViewView } from "./session-views.presenter.server";
import type { SessionsView } from "./sessions.presenter.server";
import { VIEW, viewHref, viewQuery } from "./view-query";

const SaveForm = inFold(() => import("./view-forms").then((all) => all.SaveForm));
const ViewForms = inFold(() => import("./view-forms").then((all) => all.ViewForms));

/** The views above the list: the fixed ones with their exact counts, then those that were saved. `end` stands beside them. */
export function SessionsTabs({
  counts,
  saved,
  formId,
  end,
}: {
  counts: SessionsView["counts"];
  saved: SavedViewsView;
  /** Names the next view: sent twice, the form saves one. */
  formId: string;
  end: ReactNode;
}) {
  const { params } = useListParams();
  const { search } = useLocation();
  const query = viewQuery(params);
  const open = saved.views.find(({ id }) => id === params.get(VIEW));
  const fixed = [
    { query: "", label: "All" },
    { query: "status=REQUIRES_ACTION", label: "Waiting for the customer", count: counts.waiting },
    { query: "status=FAILED&range=24h", label: "Failed, 24 h", count: counts.failedToday },
    {
      query: "status=FAILED&side=provider&range=24h",
      label: "Provider’s side, 24 h",
      count: counts.providerSideToday,
    },
  ];
  const hasDefault = saved.views.some(({ isDefault }) => isDefault);
  return (
    <Tabs
      label="Views"
      items={[
        ...fixed.map(({ query: own, label, count }) => ({
          // A bare address opens with the default view.
          to: own === "" && hasDefault ? `?${VIEW}=all` : `?${own}`,
          label,
          count: count === undefined ? undefined : formatCount(count),
          current: open === undefined && viewQuery(new URLSearchParams(own)) === query,
        })),
        ...saved.views.map((view) => ({
          to: viewHref(view),
          label: <ViewName view={view} isChanged={view === open && view.query !== query} />,
          current: view === open,
        })),
      ]}
      end={
        <div className="flex shrink-0 items-center gap-2">
          {!saved.maySave ? null : open ? (
            <ViewMenu key={search} view={open} query={query} mayShare={saved.mayShare} />
          ) : (
            <SaveMenu key={search} query={query} mayShare={saved.mayShare} formId={formId} />
          )}
          {end}
        </div>
      }
    />
  );
}

function ViewName({ view, isChanged }: { view: SavedViewView; isChanged: boolean }) {
  return (
    <span className="inline-flex items-center gap-1 [&_.icon]:size-3.5">
      {view.isDefault ? <Star aria-label="Your default:" /> : null}
      <span className="max-w-[24ch] truncate" title={view.name}>
        {view.name}
      </span>
      {view.isShared ? <Users aria-label="(shared)" /> : null}
      {isChanged ? <span className="text-sm font-normal text-text-3">changed</span> : null}
    </span>
  );
}

function SaveMenu({ query, mayShare, formId }: { query: string; mayShare: boolean; formId: string }) {
  return (
    <FoldMenu
      variant="ghost"
      label="Save view"
      panelClassName="w-72"
      summary={
        <>
          <BookmarkPlus /> <span className="max-sm:hidden">Save view</span>
        </>
      }
    >
      <SaveForm query={query} mayShare={mayShare} formId={formId} />
    </FoldMenu>
  );
}

/** What can be done with the view that is open. */
function ViewMenu({ view, query, mayShare }: { view: SavedViewView; query: string; mayShare: boolean }) {
  return (
    <FoldMenu
      variant="ghost"
      label={`View: ${view.name}`}
      panelClassName="w-72 grid gap-3"
      summary={
        <>
          <Bookmark /> <span className="max-sm:hidden">This view</span>
        </>
      }
    >
      <ViewForms view={view} query={query} mayShare={mayShare} />
    </FoldMenu>
  );
}
