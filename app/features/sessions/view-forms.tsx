import { Form, useLocation } from "@remix-run/react";
import type { ReactNode } from "react";
import { HiddenFields } from "~/components/form/submit-button";
import { Button } from "~/components/ui/button";
import { Checkbox } from "~/components/ui/checkbox";
import { Star } from "~/components/ui/icons";
import { Input } from "~/components/ui/input";
import type { SavedViewView } from "./session-views.presenter.server";

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

/** Keeps the filters of the list under a name. */
export function SaveForm({ query, mayShare, formId }: { query: string; mayShare: boolean; formId: string }) {
  return (
    <ViewForm values={{ intent: "view-save", formId, query }}>
      <NameAndSharing mayShare={mayShare} />
      <p className="text-sm text-text-3">
        {query === "" ? "All sessions, without a filter." : "The filters as they are now."}
      </p>
      <Button type="submit" variant="primary">
        Save view
      </Button>
    </ViewForm>
  );
}

/** What can be done with the view that is open. */
export function ViewForms({
  view,
  query,
  mayShare,
}: {
  view: SavedViewView;
  query: string;
  mayShare: boolean;
}) {
  const { id, isDefault, mayChange, isShared } = view;
  return (
    <>
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
    </>
  );
}
