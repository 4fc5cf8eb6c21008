import { useState } from "react";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card, CardBody } from "~/components/ui/card";
import { CopyButton } from "~/components/ui/copy-button";
import { CopyableId } from "~/components/ui/copyable-id";
import { IconButton } from "~/components/ui/icon-button";
import { Copy, MoreHorizontal, Plus, RotateCcw } from "~/components/ui/icons";
import { Segmented } from "~/components/ui/segmented";
import { TextLink } from "~/components/ui/text-link";
import { Row, Section } from "./section";

const variants = ["primary", "secondary", "ghost", "danger", "danger-quiet", "link"] as const;

/** Buttons, links, copying. */
export function ActionsSection() {
  const [pending, setPending] = useState(false);
  return (
    <Section id="actions" title="Buttons and links">
      <Card>
        <CardBody>
          <Row name="Variants">
            {variants.map((variant) => (
              <Button key={variant} variant={variant}>
                {variant === "link" ? null : <Plus />}
                {variant}
              </Button>
            ))}
          </Row>
          <Row name="Pending, kept at its width; disabled">
            {variants.slice(0, 5).map((variant) => (
              <Button key={variant} variant={variant} pending>
                <Plus />
                {variant}
              </Button>
            ))}
            {variants.map((variant) => (
              <Button key={variant} variant={variant} disabled>
                {variant}
              </Button>
            ))}
          </Row>
          <Row name="Sizes, icon buttons, link as button, child as button">
            <Button size="sm">
              <RotateCcw />
              Roll
            </Button>
            <Button>Medium</Button>
            <Button size="lg" variant="primary">
              Large
            </Button>
            <IconButton label="More actions">
              <MoreHorizontal />
            </IconButton>
            <IconButton label="Copy" variant="secondary" size="icon-sm">
              <Copy />
            </IconButton>
            <ButtonLink to="?">A link</ButtonLink>
            <Button
              variant="primary"
              pending={pending}
              onClick={() => {
                setPending(true);
                setTimeout(() => setPending(false), 1500);
              }}
            >
              Press me
            </Button>
          </Row>
          <Row name="Copying">
            <CopyButton
              text="ks_test_Tq7MwZ4cR1xV9nLbE2yKsD8uHgP3aJf05Qk1Xs"
              what="key"
              label="Copy"
              variant="primary"
            />
            <CopyButton text="https://example.test" what="address" label="Copy address" />
            <CopyableId id="01a1fc16-7e1b-7c44-9a55-0c3d9fb60216" what="session id" />
            <CopyableId id="KTP-7F31C09A" what="provider reference" />
          </Row>
          <Row name="Text links; segmented">
            <TextLink to="?">View all</TextLink>
            <span>
              A sentence with{" "}
              <TextLink to="?" inline>
                a link
              </TextLink>{" "}
              in it.
            </span>
            <Segmented
              label="Steps"
              items={[
                { to: "?", label: "All", current: true },
                { to: "?steps=calls", label: "Calls", current: false },
                { to: "?steps=customer", label: "Customer", current: false },
              ]}
            />
          </Row>
        </CardBody>
      </Card>
    </Section>
  );
}
