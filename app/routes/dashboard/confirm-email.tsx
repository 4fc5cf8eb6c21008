import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { confirmEmailChange, findEmailLink, stopEmailChange } from "~/domain/users/change-email.server";
import { ConfirmEmailPage } from "~/features/users/confirm-email-page";
import { refusalMessage } from "~/http/form.server";
import { linkTokenOf } from "~/http/link-token";
import { requestContext } from "~/http/request-context";
import { getServices } from "~/services.server";

export const meta: MetaFunction = () => [{ title: "E-mail address · Kadosei" }];

const isStopLink = (request: Request) => new URL(request.url).searchParams.has("stop");

/** Only looks: a mailbox's scanner opens links too. */
export async function loader({ request }: LoaderFunctionArgs) {
  const isStop = isStopLink(request);
  const token = linkTokenOf(request);
  const found = token === null ? null : await findEmailLink({ token, isStop }, await getServices());
  const change = found?.newEmail ? { from: found.email, to: found.newEmail } : null;
  return data({ change, isStop }, { status: change === null ? 410 : 200 });
}

export async function action({ request }: ActionFunctionArgs) {
  const services = await getServices();
  const token = linkTokenOf(request) ?? "";
  const isStop = isStopLink(request);
  const origin = requestContext(request);
  try {
    if (isStop) await stopEmailChange(origin, { token }, services);
    else await confirmEmailChange(origin, { token }, services);
    return data({ done: isStop ? ("stopped" as const) : ("changed" as const), problem: null });
  } catch (error) {
    return data({ done: null, problem: refusalMessage(error) }, { status: 400 });
  }
}

export default function ConfirmEmailRoute() {
  const result = useActionData<typeof action>();
  return (
    <ConfirmEmailPage
      {...useLoaderData<typeof loader>()}
      done={result?.done ?? null}
      problem={result?.problem ?? null}
    />
  );
}
