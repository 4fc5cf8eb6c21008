import { useState } from "react";
import { Button } from "~/components/ui/button";
import { Card, CardBody } from "~/components/ui/card";
import { Checkbox } from "~/components/ui/checkbox";
import { CodeBlock } from "~/components/ui/code-block";
import { ConfirmDialog } from "~/components/ui/confirm-dialog";
import { CopyButton } from "~/components/ui/copy-button";
import { Dialog, DialogClose } from "~/components/ui/dialog";
import { DropdownMenu } from "~/components/ui/dropdown-menu";
import { KeyRound, MoreHorizontal, RotateCcw, Trash2 } from "~/components/ui/icons";
import { Popover } from "~/components/ui/popover";
import { useToast } from "~/components/ui/toast";
import { Tooltip } from "~/components/ui/tooltip";
import { Row, Section } from "./section";

const key = "ks_test_Tq7MwZ4cR1xV9nLbE2yKsD8uHgP3aJf05Qk1Xs";

function SecretDialog() {
  const [stored, setStored] = useState(false);
  return (
    <Dialog
      trigger={<Button>Shown once</Button>}
      onOpenChange={() => setStored(false)}
      dismissible={false}
      icon={<KeyRound />}
      title="Your new test key"
      description="Copy it now and store it where your server reads its secrets. We keep only a fingerprint."
      footer={
        <>
          <Checkbox
            label="I have stored it"
            className="mr-auto"
            checked={stored}
            onChange={(event) => setStored(event.currentTarget.checked)}
          />
          <DialogClose>
            <Button disabled={!stored}>Done</Button>
          </DialogClose>
        </>
      }
    >
      <p className="mb-1 font-medium">Production-like load test</p>
      <div className="flex items-stretch gap-2 max-sm:flex-col">
        <code className="flex min-w-0 flex-1 items-center rounded-md border border-border-control bg-surface-sunken px-3 py-1.5 text-sm leading-[18px] break-all">
          {key}
        </code>
        <CopyButton text={key} what="key" label="Copy" variant="primary" autoFocus />
      </div>
      <CodeBlock
        className="mt-4"
        title="curl"
        code={`curl "$APP_URL/api/v1/sessions" \\\n  -H "Authorization: Bearer ${key}"`}
        wrap
      />
    </Dialog>
  );
}

function Revoke({ fail }: { fail: boolean }) {
  const toast = useToast();
  return (
    <ConfirmDialog
      trigger={<Button variant="danger-quiet">{fail ? "Revoke, refused" : "Revoke"}</Button>}
      title="Revoke “Staging server”?"
      description="Last used 2 min ago from 203.0.113.24. Calls with this key fail from that moment on, and it cannot be brought back."
      confirmLabel="Revoke key"
      fields={{ fail: fail ? "1" : "0" }}
      onDone={() => toast({ title: "Staging server is revoked" })}
    />
  );
}

/** What floats. */
export function OverlaysSection() {
  return (
    <Section id="overlays" title="Dialogs, menus, tooltips">
      <Card>
        <CardBody>
          <Row name="Dialogs: dismissible, shown once, destructive">
            <Dialog
              trigger={<Button>Dialog</Button>}
              size="sm"
              title="Save view"
              description="Your filters under a name, for your team."
              footer={
                <DialogClose>
                  <Button variant="primary">Save</Button>
                </DialogClose>
              }
            />
            <SecretDialog />
            <Revoke fail={false} />
            <Revoke fail />
          </Row>
          <Row name="Menu, popover, tooltip">
            <DropdownMenu
              align="start"
              trigger={
                <Button>
                  More <MoreHorizontal />
                </Button>
              }
              groups={[
                {
                  label: "Session",
                  items: [
                    {
                      label: "Re-sync with kiotapay",
                      icon: <RotateCcw />,
                      note: "Asks the provider for its state",
                    },
                    { label: "A link, in use", to: "?", current: true },
                    { label: "Not possible now", disabled: true },
                  ],
                },
                { items: [{ label: "Cancel the session", icon: <Trash2 />, tone: "danger" }] },
              ]}
            />
            <Popover label="About scores" trigger={<Button>Popover</Button>}>
              <p className="text-text-2">Score = 100 × available × success × cost × speed.</p>
            </Popover>
            <Tooltip content="Measured over the last 30 minutes">
              <Button variant="ghost">Tooltip</Button>
            </Tooltip>
          </Row>
        </CardBody>
      </Card>
    </Section>
  );
}
