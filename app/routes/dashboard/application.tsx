import {
  type ActionFunctionArgs,
  data,
  type HeadersFunction,
  type LoaderFunctionArgs,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { page, pageMeta } from "~/components/layout/trail";
import {
  applicationCreateSchema,
  checkoutBrandSchema,
  retentionSchema,
  timeZoneSchema,
  unfulfilledAfterMinutesSchema,
} from "~/contracts/applications";
import { archiveApplication } from "~/domain/applications/archive-application.server";
import { updateApplication } from "~/domain/applications/update-application.server";
import { updateRetention } from "~/domain/privacy/update-retention.server";
import { isAllowed } from "~/domain/users/permissions";
import { rollCallbackSecret } from "~/domain/webhooks/callback-secret.server";
import { isAlreadyRolled } from "~/domain/webhooks/roll-webhook-secret.server";
import { ApplicationPage, type ApplicationPageProps } from "~/features/applications/application-page";
import { presentApplication } from "~/features/applications/applications.presenter.server";
import { formText, pageNotFound, submitForm } from "~/http/form.server";
import { confirmIdentity, refused } from "~/http/identity.server";
import { redirectWithNotice } from "~/http/notice.server";
import { requireUser } from "~/http/require-user.server";
import { isUuid } from "~/lib/ids";

export const handle = page<typeof loader>((data) => [
  { label: "Applications", to: "/applications" },
  { label: data?.application.name ?? "Application" },
]);
export const meta = pageMeta;

/** A new callback secret is in one response, which nobody may keep. */
export const headers: HeadersFunction = () => ({ "cache-control": "no-store" });

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, role, services } = await requireUser(request);
  const id = params.applicationId ?? "";
  const application = isUuid(id) ? await presentApplication(actor, id, services) : null;
  if (application === null) throw pageNotFound(request);
  const query = new URL(request.url).searchParams;
  const ask = query.get("ask");
  return {
    application,
    ask: (["disable", "archive", "callback-secret"] as const).find((value) => value === ask) ?? null,
    logoProblem: query.get("logo")?.slice(0, 200) ?? null,
    timeZones: ["UTC", ...Intl.supportedValuesOf("timeZone")],
    may: {
      write: isAllowed(role, "applications.write"),
      archive: isAllowed(role, "applications.archive"),
      webhooks: isAllowed(role, "webhooks.write"),
      privacy: isAllowed(role, "privacy.write"),
    },
  };
}

/** An empty field turns it off; Conform leaves it out. */
const fulfilmentFormSchema = z.object({ unfulfilledAfterMinutes: unfulfilledAfterMinutesSchema.optional() });

const checkoutFormSchema = checkoutBrandSchema.extend({ timeZone: timeZoneSchema.nullish() });

const retentionFormSchema = retentionSchema.extend({
  retentionDays: retentionSchema.shape.retentionDays.optional(),
});

interface Reply {
  checkoutReply: ApplicationPageProps["lastResult"];
  retentionReply: ApplicationPageProps["lastResult"];
  fulfilmentReply: ApplicationPageProps["lastResult"];
  reply: ApplicationPageProps["lastResult"];
  problem: string | null;
  proof?: string[];
  madeSecret: ApplicationPageProps["madeSecret"];
}

export async function action({ request, params }: ActionFunctionArgs) {
  const signedIn = await requireUser(request);
  const { actor, services } = signedIn;
  const applicationId = params.applicationId ?? "";
  if (!isUuid(applicationId)) throw pageNotFound(request);
  const form = await request.formData();
  const intent = formText(form, "intent");
  const here = `/applications/${applicationId}`;
  const answer = (result: Partial<Reply>, status: number) =>
    data<Reply>(
      {
        reply: undefined,
        fulfilmentReply: undefined,
        checkoutReply: undefined,
        retentionReply: undefined,
        problem: null,
        madeSecret: null,
        ...result,
      },
      { status },
    );

  if (intent === "save") {
    const outcome = await submitForm(
      form,
      applicationCreateSchema,
      ({ name, description }) =>
        updateApplication(actor, { applicationId, name, description: description ?? null }, services),
      { conflictField: "name" },
    );
    return outcome.ok ? redirectWithNotice(here, "Saved") : answer({ reply: outcome.reply }, 400);
  }
  if (intent === "checkout") {
    const outcome = await submitForm(form, checkoutFormSchema, (brand) =>
      updateApplication(
        actor,
        {
          applicationId,
          displayName: brand.displayName ?? null,
          accentColor: brand.accentColor ?? null,
          checkoutLanguage: brand.checkoutLanguage ?? null,
          supportContact: brand.supportContact ?? null,
          timeZone: brand.timeZone ?? null,
        },
        services,
      ),
    );
    return outcome.ok
      ? redirectWithNotice(`${here}#checkout`, "Saved")
      : answer({ checkoutReply: outcome.reply }, 400);
  }
  if (intent === "fulfilment") {
    const outcome = await submitForm(form, fulfilmentFormSchema, ({ unfulfilledAfterMinutes = null }) =>
      updateApplication(actor, { applicationId, unfulfilledAfterMinutes }, services),
    );
    return outcome.ok ? redirectWithNotice(here, "Saved") : answer({ fulfilmentReply: outcome.reply }, 400);
  }
  if (intent === "retention") {
    const outcome = await submitForm(form, retentionFormSchema, ({ retentionDays = null, ...rest }) =>
      updateRetention(actor, { applicationId, retentionDays, ...rest }, services),
    );
    return outcome.ok ? redirectWithNotice(here, "Saved") : answer({ retentionReply: outcome.reply }, 400);
  }
  try {
    if (intent === "archive") {
      await archiveApplication(actor, { applicationId }, services);
      return redirectWithNotice(here, "Application archived");
    }
    if (intent === "roll-callback-secret") {
      await confirmIdentity(request, signedIn, form);
      const input = { applicationId, fingerprint: formText(form, "fingerprint") };
      return answer({ madeSecret: await rollCallbackSecret(actor, input, services) }, 200);
    }
    if (intent === "enable" || intent === "disable") {
      const isEnabled = intent === "enable";
      await updateApplication(actor, { applicationId, isEnabled }, services);
      return redirectWithNotice(here, isEnabled ? "Application enabled" : "Application disabled");
    }
  } catch (error) {
    if (isAlreadyRolled(error)) return answer({ madeSecret: "already" }, 409);
    return answer(refused(error), 400);
  }
  return answer({ problem: "This page cannot do that." }, 400);
}

export default function ApplicationRoute() {
  const view = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  return (
    <ApplicationPage
      {...view}
      lastResult={result?.reply}
      fulfilmentResult={result?.fulfilmentReply}
      checkoutResult={result?.checkoutReply}
      retentionResult={result?.retentionReply}
      problem={result?.problem ?? null}
      madeSecret={result?.madeSecret ?? null}
    />
  );
}

export { DashboardError as ErrorBoundary } from "~/features/navigation/dashboard-error";
