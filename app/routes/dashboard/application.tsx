import {
  type ActionFunctionArgs,
  data,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import {
  applicationCreateSchema,
  retentionSchema,
  unfulfilledAfterMinutesSchema,
} from "~/contracts/applications";
import { archiveApplication } from "~/domain/applications/archive-application.server";
import { updateApplication } from "~/domain/applications/update-application.server";
import { updateRetention } from "~/domain/privacy/update-retention.server";
import { isAllowed } from "~/domain/users/permissions";
import { rollCallbackSecret } from "~/domain/webhooks/callback-secret.server";
import { ApplicationPage, type ApplicationPageProps } from "~/features/applications/application-page";
import { presentApplication } from "~/features/applications/applications.presenter.server";
import { formText, pageNotFound, refusalMessage, submitForm } from "~/http/form.server";
import { redirectWithNotice } from "~/http/notice.server";
import { requireUser } from "~/http/require-user.server";
import { isUuid } from "~/lib/ids";

export const meta: MetaFunction<typeof loader> = ({ data: view }) => [
  { title: `${view?.application.name ?? "Application"} · Kadosei` },
];

/** A new callback secret is in one response, which nobody may keep. */
export const headers: HeadersFunction = () => ({ "cache-control": "no-store" });

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, role, services } = await requireUser(request);
  const id = params.applicationId ?? "";
  const application = isUuid(id) ? await presentApplication(actor, id, services) : null;
  if (application === null) throw pageNotFound(request);
  const ask = new URL(request.url).searchParams.get("ask");
  return {
    application,
    ask: (["disable", "archive", "callback-secret"] as const).find((value) => value === ask) ?? null,
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

const retentionFormSchema = retentionSchema.extend({
  retentionDays: retentionSchema.shape.retentionDays.optional(),
});

interface Reply {
  retentionReply: ApplicationPageProps["lastResult"];
  fulfilmentReply: ApplicationPageProps["lastResult"];
  reply: ApplicationPageProps["lastResult"];
  problem: string | null;
  madeSecret: ApplicationPageProps["madeSecret"];
}

export async function action({ request, params }: ActionFunctionArgs) {
  const { actor, services } = await requireUser(request);
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
      const application = await presentApplication(actor, applicationId, services);
      // A form that is sent twice names a secret that is not the current one any more.
      if ((application?.callbackSecret?.fingerprint ?? "") !== formText(form, "fingerprint"))
        return answer({ madeSecret: "already" }, 409);
      return answer({ madeSecret: await rollCallbackSecret(actor, { applicationId }, services) }, 200);
    }
    if (intent === "enable" || intent === "disable") {
      const isEnabled = intent === "enable";
      await updateApplication(actor, { applicationId, isEnabled }, services);
      return redirectWithNotice(here, isEnabled ? "Application enabled" : "Application disabled");
    }
  } catch (error) {
    return answer({ problem: refusalMessage(error) }, 400);
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
      retentionResult={result?.retentionReply}
      problem={result?.problem ?? null}
      madeSecret={result?.madeSecret ?? null}
    />
  );
}

export { DashboardError as ErrorBoundary } from "~/features/navigation/dashboard-error";
