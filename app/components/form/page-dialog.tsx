import { useNavigate } from "@remix-run/react";
import { TriangleAlert } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { AlertDialog, AlertDialogCancel } from "~/components/ui/alert-dialog";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card, CardBody, CardFooter, CardHeader } from "~/components/ui/card";
import { Dialog } from "~/components/ui/dialog";
import { useFocusAfterwards } from "./use-focus-afterwards";

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

/** A part of the page that only readers without JavaScript get: there are no dialogs without it. */
function WithoutScript({ title, description, icon, closeTo, children, submit }: Shared) {
  return (
    <noscript>
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
    </noscript>
  );
}

/**
 * A dialog that has a URL: open because the URL says so, closed by going to `closeTo`. Without
 * JavaScript it is a card at its place in the page, with the same form.
 */
export function PageDialog(props: Shared) {
  const navigate = useNavigate();
  const { title, description, icon, closeTo, children, submit } = props;
  return (
    <>
      <WithoutScript {...props} />
      <ClientDialog>
        <Dialog
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
        </Dialog>
      </ClientDialog>
    </>
  );
}

/** A PageDialog that asks before something is destroyed: a press outside does not close it. */
export function PageConfirm(props: Omit<Shared, "icon"> & { description: ReactNode }) {
  const navigate = useNavigate();
  const { title, description, closeTo, children, submit } = props;
  const icon = <TriangleAlert className="mt-0.5 text-danger" />;
  return (
    <>
      <WithoutScript {...props} icon={icon} />
      <ClientDialog>
        <AlertDialog
          open
          onOpenChange={(open) => {
            if (!open) navigate(closeTo, { preventScrollReset: true });
          }}
          icon={<TriangleAlert className="text-danger" />}
          title={title}
          description={description}
          footer={
            <>
              <AlertDialogCancel>
                <Button>Cancel</Button>
              </AlertDialogCancel>
              {submit}
            </>
          }
        >
          {children}
        </AlertDialog>
      </ClientDialog>
    </>
  );
}

/** Draws its children in the browser only, after hydration. */
function ClientDialog({ children }: { children: ReactNode }) {
  const [hydrated, setHydrated] = useState(false);
  useEffect(() => setHydrated(true), []);
  useFocusAfterwards();
  return hydrated ? children : null;
}
