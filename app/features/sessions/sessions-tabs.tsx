import { Form, useLocation } from "@remix-run/react";
import type { ReactNode } from "react";
import { useListParams } from "~/components/data-table/search-params";
import { HiddenFields } from "~/components/form/submit-button";
import { Button } from "~/components/ui/button";
import { Checkbox } from "~/components/ui/checkbox";
import { FoldMenu } from "~/components/ui/fold-menu";
import { formatCount } from "~/components/ui/format";
import { Bookmark, BookmarkPlus, Star, Users } from "~/components/ui/icons";
import { Input } from "~/components/ui/input";
import { Tabs } from "~/components/ui/tabs";
import type { SavedViewsView, SavedViewView } from "./session-views.presenter.server";
import type { SessionsView } from "./sessions.presenter.server";
import { VIEW, viewHref, viewQuery } from "./view-query";

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

/** One small form of a menu; `search` keeps the list as it is behind it. */
function ViewForm({
  values,
  children,
  className = "grid gap-3",
}: {
  values: Record<string, string>;
  children: ReactNode;
  className?: string;
}) {
  const { search } = useLocation();
  return (
    <Form method="post" action={search || "?"} preventScrollReset className={className}>
      <HiddenFields values={values} />
      {children}
    </Form>
  );
}

function NameAndSharing({ view, mayShare }: { view?: SavedViewView; mayShare: boolean }) {
  return (
    <>
      <label htmlFor="view-name">
        <span className="mb-1 block font-medium">Name</span>
        <Input
          id="view-name"
          name="name"
          required
          maxLength={60}
          defaultValue={view?.name ?? ""}
          placeholder="Failed over AUD 500"
          autoComplete="off"
        />
      </label>
      {mayShare || view?.isShared ? (
        <Checkbox
          name="isShared"
          defaultChecked={view?.isShared ?? false}
          label="Share with the team"
          hint="Everybody sees it, in every application."
        />
      ) : null}
    </>
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
      <ViewForm values={{ intent: "view-save", formId, query }}>
        <NameAndSharing mayShare={mayShare} />
        <p className="text-sm text-text-3">
          {query === "" ? "All sessions, without a filter." : "The filters as they are now."}
        </p>
        <Button type="submit" variant="primary">
          Save view
        </Button>
      </ViewForm>
    </FoldMenu>
  );
}

/** What can be done with the view that is open. */
function ViewMenu({ view, query, mayShare }: { view: SavedViewView; query: string; mayShare: boolean }) {
  const { id, isDefault, mayChange, isShared } = view;
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
      {mayChange ? (
        <>
          {view.query === query ? null : (
            <ViewForm values={{ intent: "view-update", id, query }}>
              <Button type="submit" variant="primary">
                Save the changed filters
              </Button>
            </ViewForm>
          )}
          <ViewForm values={{ intent: "view-change", id }}>
            <NameAndSharing view={view} mayShare={mayShare} />
            <Button type="submit">Save name and sharing</Button>
          </ViewForm>
        </>
      ) : (
        <p className="text-text-2">Shared by another member, who can change it.</p>
      )}
      <div className="flex flex-wrap gap-2 border-t border-border pt-3">
        <ViewForm values={{ intent: "view-default", id, on: isDefault ? "" : "1" }} className="contents">
          <Button type="submit">
            <Star /> {isDefault ? "Not my default any more" : "Make it my default"}
          </Button>
        </ViewForm>
        {mayChange ? (
          <details className="w-full">
            <summary className="w-fit text-danger">Delete…</summary>
            <ViewForm values={{ intent: "view-delete", id }} className="mt-2 grid gap-2">
              <p className="text-sm text-text-2">
                {isShared ? "It goes for everybody in the team. " : ""}You can undo it right afterwards.
                Sessions stay.
              </p>
              <Button type="submit" variant="danger">
                Delete view
              </Button>
            </ViewForm>
          </details>
        ) : null}
      </div>
    </FoldMenu>
  );
}
