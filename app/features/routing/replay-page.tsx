import { getFormProps, type SubmissionResult, useForm } from "@conform-to/react";
import { Form, useNavigation } from "@remix-run/react";
import { fieldErrors } from "~/components/form/field-errors";
import { useFormValidation } from "~/components/form/use-form-validation";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card, CardBody, CardFooter, CardHeader } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { Field } from "~/components/ui/field";
import { FlaskConical, Play } from "~/components/ui/icons";
import { PageHeader } from "~/components/ui/page-header";
import { Select } from "~/components/ui/select";
import type { ReplayView } from "./replay.presenter.server";
import { type ReplayPeriod, replayPeriods } from "./replay-periods";
import { ReplayResult } from "./replay-result";
import { RoutingTabs } from "./routing-tabs";
import { WeightInput } from "./rules-weights";

export type ReplayPageProps = {
  view: ReplayView;
  applicationName: string;
  mode: "test" | "live";
  path: string;
  period: ReplayPeriod;
  /** The address's query as the form reads it. */
  reply: SubmissionResult<string[]>;
};

/** A period of real decisions, made again with something different. */
export function ReplayPage({ view, applicationName, mode, path, period, reply }: ReplayPageProps) {
  return (
    <>
      <PageHeader
        title="What if"
        description={`Decisions of ${applicationName} in ${mode} mode, made again with a provider off or other settings. Nothing is changed by it.`}
      />
      <RoutingTabs />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[340px_minmax(0,1fr)]">
        <ReplayForm view={view} path={path} reply={reply} />
        <Card aria-labelledby="result-title">
          <CardHeader id="result-title" title="What would have happened" note={replayPeriods[period].words} />
          {view.replay === null ? (
            <EmptyState
              icon={<FlaskConical />}
              title={reply.status === "error" ? "This cannot be replayed" : "Nothing is different yet"}
            >
              Switch a provider off, or choose other weights or rules. What you leave alone stays as it was in
              each decision.
            </EmptyState>
          ) : (
            <CardBody>
              <ReplayResult replay={view.replay} period={replayPeriods[period].words} />
            </CardBody>
          )}
        </Card>
      </div>
    </>
  );
}

const loadSchema = () => import("./replay-form-schema").then(({ replayFormSchema }) => replayFormSchema);

function ReplayForm({ view, path, reply }: Pick<ReplayPageProps, "view" | "path" | "reply">) {
  const navigation = useNavigation();
  const onValidate = useFormValidation("what-if", loadSchema);
  const [form, fields] = useForm({
    id: "what-if",
    lastResult: reply,
    shouldValidate: "onSubmit",
    shouldRevalidate: "onInput",
    onValidate,
  });
  const { period, off, rules } = fields;
  const isPending = navigation.state === "loading" && navigation.location.pathname === path;
  return (
    <Form method="get" preventScrollReset {...getFormProps(form)} noValidate>
      <Card aria-labelledby="what-if-title">
        <CardHeader id="what-if-title" title="What is different" />
        <CardBody className="grid gap-4">
          <Field id={period.id} label="Period" errors={fieldErrors("Period", period.errors)}>
            {(control) => (
              <Select
                {...control}
                key={period.key}
                name={period.name}
                defaultValue={period.initialValue ?? "7d"}
              >
                {Object.entries(replayPeriods).map(([value, { words }]) => (
                  <option key={value} value={value}>
                    {words.replace("the last", "Last")}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field id={off.id} label="Provider off" errors={fieldErrors("Provider", off.errors)}>
            {(control) => (
              <Select {...control} key={off.key} name={off.name} defaultValue={off.initialValue ?? ""}>
                <option value="">None: all as they were</option>
                {view.connections.map(({ id, label }) => (
                  <option key={id} value={id}>
                    {label}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field id={rules.id} label="Rules" errors={fieldErrors("Rules", rules.errors)}>
            {(control) => (
              <Select
                {...control}
                key={rules.key}
                name={rules.name}
                defaultValue={rules.initialValue ?? "then"}
              >
                <option value="then">As they were then</option>
                <option value="now">Those of now, version {view.version}</option>
                <option value="none">None: the engine alone</option>
              </Select>
            )}
          </Field>
          {(
            [
              { name: "cost", label: "Cost weight", min: 0, max: 10 },
              { name: "speed", label: "Speed weight", min: 0, max: 10 },
              { name: "margin", label: "Margin", min: 0.01, max: 1 },
            ] as const
          ).map(({ name, label, min, max }) => (
            <WeightInput
              key={`${name}${fields[name].key}`}
              id={fields[name].id}
              name={fields[name].name}
              label={label}
              hint="Empty: as it was then."
              min={min}
              max={max}
              defaultValue={fields[name].initialValue ?? ""}
              current={String(view.weights[name])}
              placeholder="as then"
              errors={fieldErrors(label, fields[name].errors)}
            />
          ))}
        </CardBody>
        <CardFooter>
          <ButtonLink to={path} reloadDocument prefetch="none" variant="ghost">
            Reset
          </ButtonLink>
          <Button type="submit" variant="primary" pending={isPending}>
            <Play />
            Replay
          </Button>
        </CardFooter>
      </Card>
    </Form>
  );
}
