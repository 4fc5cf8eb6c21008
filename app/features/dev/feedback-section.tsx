import { Badge, CountBadge } from "~/components/ui/badge";
import { Button, ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card, CardBody } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { ErrorState } from "~/components/ui/error-state";
import { KeyRound } from "~/components/ui/icons";
import { ProgressBar } from "~/components/ui/progress-bar";
import { Skeleton } from "~/components/ui/skeleton";
import { Spinner } from "~/components/ui/spinner";
import { useToast } from "~/components/ui/toast";
import { SessionStatusBadge } from "~/features/sessions/session-status-badge";
import { Row, Section } from "./section";

const statuses = ["PENDING", "REQUIRES_ACTION", "PROCESSING", "SUCCEEDED", "FAILED", "EXPIRED"] as const;

/** Badges, notices, toasts, empty, pending and failed blocks. */
export function FeedbackSection() {
  const toast = useToast();
  return (
    <Section id="feedback" title="Feedback">
      <Card>
        <CardBody>
          <Row name="Payment session statuses; other badges; counts">
            {statuses.map((status) => (
              <SessionStatusBadge key={status} status={status} />
            ))}
            <Badge tone="test">Test</Badge>
            <Badge tone="outline">Revoked</Badge>
            <CountBadge tone="danger">4</CountBadge>
            <CountBadge>12</CountBadge>
          </Row>
          <Row name="Toasts">
            <Button
              onClick={() => toast({ title: "Webhook sent again", description: "Answered 200 in 88 ms." })}
            >
              Result
            </Button>
            <Button
              onClick={() =>
                toast({
                  tone: "danger",
                  title: "stripe did not answer",
                  description: "Nothing has changed. Request req_01JD3K8QK.",
                  action: {
                    label: "Try again",
                    altText: "Press Re-sync again",
                    onSelect: () => toast({ tone: "info", title: "Asked again" }),
                  },
                })
              }
            >
              Failure with an action
            </Button>
          </Row>
          <Row name="Spinner, progress">
            <Spinner label="Loading" />
            <ProgressBar
              label="Success rate of stripe"
              value={0.944}
              className="w-40"
              fillClassName="bg-series-1"
            />
            <ProgressBar
              label="Share of insufficient funds"
              value={421}
              max={1412}
              className="w-40"
              fillClassName="bg-chart-failed"
            />
          </Row>
        </CardBody>
      </Card>
      <div className="mt-4 grid gap-3">
        <Callout title="The key is in your clipboard">It is shown only once.</Callout>
        <Callout
          tone="success"
          title="Order paid"
          actions={
            <ButtonLink to="?" variant="primary">
              Open the paid session
            </ButtonLink>
          }
        >
          At 14:21 in a later session, AUD 140.76 by stripe.
        </Callout>
        <Callout tone="warning" title="An API key expires in 6 days">
          <code>ks_test_9fQ2</code> “Staging server”, last used 2 min ago.
        </Callout>
        <Callout tone="danger">adyen is down: routing has moved its share to stripe and kiotapay.</Callout>
      </div>
      <div className="mt-4 grid gap-4 lg:grid-cols-3">
        <Card>
          <EmptyState
            icon={<KeyRound />}
            title="No API keys yet"
            action={<Button variant="primary">Create key</Button>}
          >
            Your server needs one to start payments.
          </EmptyState>
        </Card>
        <Card>
          <ErrorState
            title="Deliveries could not be loaded"
            requestId="req_01JD3K8QKX"
            action={<Button>Try again</Button>}
          >
            The rest of this page is up to date.
          </ErrorState>
        </Card>
        <Card aria-busy="true" aria-label="Loading">
          <CardBody className="grid gap-3">
            <Skeleton className="h-5 w-40" />
            <Skeleton className="h-36" />
          </CardBody>
        </Card>
      </div>
    </Section>
  );
}
