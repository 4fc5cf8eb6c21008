import { getFormProps, getInputProps, type SubmissionResult, useForm } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { type CSSProperties, type FormEvent, useState } from "react";
import { fieldErrors } from "~/components/form/field-errors";
import { FormProblem } from "~/components/form/form-problem";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { Callout } from "~/components/ui/callout";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { Field } from "~/components/ui/field";
import { ShoppingBag } from "~/components/ui/icons";
import { Input } from "~/components/ui/input";
import { Select } from "~/components/ui/select";
import { languages } from "~/contracts/checkout-languages";
import { contrast } from "~/lib/contrast";
import type { ApplicationView } from "./applications.presenter.server";
import { LogoForm } from "./logo-form";

interface Props {
  application: ApplicationView;
  canWrite: boolean;
  lastResult: SubmissionResult<string[]> | undefined;
  /** Why the last file was refused. */
  logoProblem: string | null;
  path: string;
  /** What may be chosen. */
  timeZones: readonly string[];
}

/** The hosted checkout as the customers of this application see it. */
export function CheckoutCard({ application, canWrite, lastResult, logoProblem, path, timeZones }: Props) {
  const { brand } = application;
  const [form, fields] = useForm({
    id: "checkout-brand",
    lastResult,
    defaultValue: {
      displayName: brand.displayName,
      accentColor: brand.accentColor,
      checkoutLanguage: brand.checkoutLanguage,
      supportContact: brand.supportContact,
      timeZone: brand.timeZone,
    },
  });
  const [draft, setDraft] = useState({ name: brand.displayName ?? "", color: brand.accentColor ?? "" });
  const follow = (event: FormEvent<HTMLFormElement>) => {
    const data = new FormData(event.currentTarget);
    setDraft({ name: String(data.get("displayName")), color: String(data.get("accentColor")) });
  };
  const text = (name: "displayName" | "supportContact" | "accentColor") => ({
    ...getInputProps(fields[name], { type: "text" as const }),
    readOnly: !canWrite,
    autoComplete: "off",
  });
  return (
    <Card id="checkout">
      <CardHeader title="Hosted checkout" />
      <CardBody className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_280px]">
        <div className="grid gap-4">
          <Form
            method="post"
            action={path}
            preventScrollReset
            {...getFormProps(form)}
            onInput={follow}
            className="grid gap-4"
          >
            <HiddenFields values={{ intent: "checkout" }} />
            <FormProblem problem={form.errors?.join(" ")} />
            <Field
              id={fields.displayName.id}
              label="Name that customers see"
              optional
              hint={`Empty: ${application.merchantName}.`}
              errors={fieldErrors("The name", fields.displayName.errors)}
            >
              {(control) => <Input {...text("displayName")} {...control} maxLength={100} />}
            </Field>
            <Field
              id={fields.accentColor.id}
              label="Colour of the buttons"
              optional
              hint="As #0f5a48. White text on it must be readable: a contrast of 4.5 or more."
              errors={fieldErrors("The colour", fields.accentColor.errors)}
            >
              {(control) => (
                <Input
                  {...text("accentColor")}
                  {...control}
                  maxLength={7}
                  className="max-w-40"
                  spellCheck={false}
                />
              )}
            </Field>
            <Field
              id={fields.checkoutLanguage.id}
              label="Language when nothing else says"
              hint="First comes the session’s locale, then the customer’s browser; customers can change it."
              errors={fieldErrors("The language", fields.checkoutLanguage.errors)}
            >
              {(control) => (
                <Select
                  {...control}
                  name={fields.checkoutLanguage.name}
                  defaultValue={fields.checkoutLanguage.initialValue ?? ""}
                  disabled={!canWrite}
                >
                  <option value="">English</option>
                  {languages
                    .filter(({ code }) => code !== "en")
                    .map(({ code, name }) => (
                      <option key={code} value={code} lang={code}>
                        {name}
                      </option>
                    ))}
                </Select>
              )}
            </Field>
            <Field
              id={fields.supportContact.id}
              label="Contact for questions"
              optional
              hint="An e-mail address, phone number or https address, shown at the foot."
              errors={fieldErrors("The contact", fields.supportContact.errors)}
            >
              {(control) => <Input {...text("supportContact")} {...control} maxLength={200} />}
            </Field>
            <Field
              id={fields.timeZone.id}
              label="Time zone of the application"
              hint="Of the times on the checkout, until the customer’s browser says its own."
              errors={fieldErrors("The time zone", fields.timeZone.errors)}
            >
              {(control) => (
                <Select
                  {...control}
                  name={fields.timeZone.name}
                  defaultValue={fields.timeZone.initialValue ?? ""}
                  disabled={!canWrite}
                >
                  <option value="">{`Your organisation’s: ${application.merchantTimeZone}`}</option>
                  {timeZones.map((zone) => (
                    <option key={zone} value={zone}>
                      {zone.replaceAll("_", " ")}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            {canWrite ? (
              <div>
                <SubmitButton match={{ intent: "checkout" }}>Save checkout</SubmitButton>
              </div>
            ) : null}
          </Form>
          <LogoForm application={application} canWrite={canWrite} problem={logoProblem} path={path} />
        </div>
        <Preview
          name={draft.name.trim() || application.merchantName}
          color={draft.color.trim()}
          logo={application.brand.logo}
        />
      </CardBody>
    </Card>
  );
}

/** How the head and the button come out, and whether the button can be read. */
function Preview({ name, color, logo }: { name: string; color: string; logo: string | null }) {
  const isColor = /^#[0-9a-f]{6}$/i.test(color);
  const shown = isColor ? color : "#0f5a48";
  const ratio = contrast(shown, "#ffffff");
  return (
    <figure className="grid content-start gap-2">
      <figcaption className="font-medium">Preview</figcaption>
      <div
        style={{ "--merchant": shown } as CSSProperties}
        className="grid gap-4 rounded-lg border border-border bg-surface-sunken p-4"
      >
        <p className="flex min-w-0 items-center gap-3 font-bold">
          {logo ? (
            <img
              src={logo}
              alt=""
              className="size-9 flex-none rounded-lg border border-border bg-surface object-contain"
            />
          ) : (
            <span className="grid size-9 flex-none place-items-center rounded-lg bg-(--merchant) text-[#fff]">
              <ShoppingBag />
            </span>
          )}
          <span className="min-w-0 break-words">{name}</span>
        </p>
        {ratio >= 4.5 ? (
          <span className="rounded-md bg-(--merchant) px-3 py-2.5 text-center font-bold text-[#fff]">
            Continue to secure payment
          </span>
        ) : (
          <Callout tone="warning">White text cannot be read on this colour.</Callout>
        )}
      </div>
      <p className="text-sm text-text-3" role="status">
        {color !== "" && !isColor
          ? "Not a colour yet: six digits after #."
          : `White text on it has a contrast of ${ratio.toFixed(1)}${ratio >= 4.5 ? "." : "; 4.5 is needed."}`}
      </p>
    </figure>
  );
}
