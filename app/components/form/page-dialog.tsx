import { useNavigate } from "@remix-run/react";
import type { ReactNode } from "react";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card, CardBody, CardFooter, CardHeader } from "~/components/ui/card";
import { TriangleAlert } from "~/components/ui/icons";
import { useFocusAfterwards } from "./use-focus-afterwards";
import { useLoaded } from "./use-loaded";

const loadDialog = () => import("~/components/ui/dialog");
const loadAlertDialog = () => import("~/components/ui/alert-dialog");

type Shared = {
  title: string;
  description?: ReactNode;
  icon?: ReactNode;
  /** The same page without the dialog. */
  closeTo: string;
  children?: ReactNode;
  /** The submitting button; it names its form by `form=`. */
  submit: ReactNode;
};

/** What a dialog has, as a part of the page: for readers without JavaScript, and where the dialog's is missing. */
function InPage({ title, description, icon, closeTo, children, submit }: Shared) {
  return (
    <Card className="mb-4 border-border-strong">
      <CardHeader title={title} />
      <CardBody>
        <div className="mb-3 flex gap-2 text-text-2">
          {icon}
          <div>{description}</div>
        </div>
        {children}
      </CardBody>
      <CardFooter>
        <ButtonLink to={closeTo}>Cancel</ButtonLink>
        {submit}
      </CardFooter>
    </Card>
  );
}

/**
 * A dialog that has a URL: open because the URL says so, closed by going to `closeTo`. Without
 * JavaScript it is a card at its place in the page, with the same form.
 */
export function PageDialog(props: Shared) {
  const navigate = useNavigate();
  const { ui, isMissing } = useLoaded(loadDialog);
  useFocusAfterwards();
  const { title, description, icon, closeTo, children, submit } = props;
  return (
    <>
      <noscript>
        <InPage {...props} />
      </noscript>
      {isMissing ? <InPage {...props} /> : null}
      {ui ? (
        <ui.Dialog
          open
          onOpenChange={(open) => {
            if (!open) navigate(closeTo, { preventScrollReset: true });
          }}
          title={title}
          description={description}
          icon={icon}
          footer={
            <>
              <ButtonLink to={closeTo} preventScrollReset>
                Cancel
              </ButtonLink>
              {submit}
            </>
          }
        >
          {children}
        </ui.Dialog>
      ) : null}
    </>
  );
}

/** A PageDialog that asks before something is destroyed: a press outside does not close it. */
export function PageConfirm(props: Omit<Shared, "icon"> & { description: ReactNode }) {
  const navigate = useNavigate();
  const { ui, isMissing } = useLoaded(loadAlertDialog);
  useFocusAfterwards();
  const { title, description, closeTo, children, submit } = props;
  const icon = <TriangleAlert className="mt-0.5 text-danger" />;
  return (
    <>
      <noscript>
        <InPage {...props} icon={icon} />
      </noscript>
      {isMissing ? <InPage {...props} icon={icon} /> : null}
      {ui ? (
        <ui.AlertDialog
          open
          onOpenChange={(open) => {
            if (!open) navigate(closeTo, { preventScrollReset: true });
          }}
          icon={<TriangleAlert className="text-danger" />}
          title={title}
          description={description}
          footer={
            <>
              <ui.AlertDialogCancel>
                <Button>Cancel</Button>
              </ui.AlertDialogCancel>
              {submit}
            </>
          }
        >
          {children}
        </ui.AlertDialog>
      ) : null}
    </>
  );
}
