import { ButtonLink } from "~/components/ui/button";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { cn } from "~/components/ui/cn";
import { CircleCheck } from "~/components/ui/icons";
import { ProgressBar } from "~/components/ui/progress-bar";
import type { ChecklistStep } from "./checklist.presenter.server";

/** The way to a first paid test session. Steps tick themselves off; the next one stands out. */
export function ChecklistCard({ steps }: { steps: readonly ChecklistStep[] }) {
  const done = steps.filter(({ isDone }) => isDone).length;
  const next = steps.find(({ isDone }) => !isDone)?.id;
  return (
    <Card>
      <CardHeader
        title="Get to your first paid test session"
        note={`${done} of ${steps.length} done`}
        actions={
          <ProgressBar
            value={done}
            max={steps.length}
            label="First steps"
            className="w-28"
            fillClassName="bg-success"
          />
        }
      />
      <CardBody>
        <ol>
          {steps.map((step, index) => (
            <li
              key={step.id}
              className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t border-border py-3 first:border-t-0 first:pt-0 last:pb-0"
            >
              {step.isDone ? (
                <CircleCheck aria-label="Done" className="size-6! text-success" />
              ) : (
                <span
                  aria-hidden
                  className="grid size-6 flex-none place-items-center rounded-full border border-border-control text-sm font-medium text-text-2"
                >
                  {index + 1}
                </span>
              )}
              <div className={cn("min-w-0 flex-1", step.isDone ? "basis-36" : "basis-52")}>
                <h3 className={cn("font-medium", step.isDone && "text-text-2")}>{step.title}</h3>
                <p className="text-text-2">{step.text}</p>
              </div>
              <ButtonLink
                to={step.to}
                variant={step.id === next ? "primary" : step.isDone ? "ghost" : "secondary"}
              >
                {step.action}
              </ButtonLink>
            </li>
          ))}
        </ol>
      </CardBody>
    </Card>
  );
}
