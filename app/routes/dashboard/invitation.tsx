import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { invitationSignUpSchema, merchantNameSchema, merchantSignUpFormSchema } from "~/contracts/auth";
import { acceptAsNewUser, acceptAsUser } from "~/domain/users/accept-invitation.server";
import { findInvitation, type OpenInvitation } from "~/domain/users/find-invitation.server";
import { readSignedInUser } from "~/domain/users/sign-in.server";
import { openMerchant } from "~/domain/users/user-session.server";
import { InvitationPage, type InvitationView } from "~/features/users/invitation-page";
import { formText, submitForm } from "~/http/form.server";
import { linkTokenOf } from "~/http/link-token";
import { redirectWithNotice } from "~/http/notice.server";
import { requestContext } from "~/http/request-context";
import { endSession, findUser } from "~/http/require-user.server";
import { startSession } from "~/http/start-session.server";
import { getServices } from "~/services.server";

export const meta: MetaFunction = () => [{ title: "Invitation · Kadosei" }];

/** Only looks: a mailbox's scanner opens links too. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { invitation } = await read(request);
  if (invitation === null) return data({ invitation: null }, { status: 410 });
  const session = await findUser(request);
  const { pathname, search } = new URL(request.url);
  const view: InvitationView = {
    email: invitation.email,
    role: invitation.role,
    merchantName: invitation.merchantName,
    invitedBy: invitation.invitedBy,
    next: nextStep(invitation, session?.user.id ?? null),
    signedInAs: session?.user.email ?? null,
    signInTo: `/sign-in?returnTo=${encodeURIComponent(pathname + search)}`,
  };
  return data({ invitation: view }, { status: 200 });
}

async function read(request: Request) {
  const services = await getServices();
  const token = linkTokenOf(request) ?? "";
  const invitation = await findInvitation(services.db, { token, now: services.clock.now() });
  return { services, token, invitation };
}

function nextStep({ userId }: OpenInvitation, signedInId: string | null): InvitationView["next"] {
  if (signedInId !== null) return signedInId === userId ? "join" : "leave";
  return userId === null ? "sign-up" : "sign-in";
}

export async function action({ request }: ActionFunctionArgs) {
  const { services, token, invitation } = await read(request);
  const form = await request.formData();
  const intent = formText(form, "intent");
  const origin = requestContext(request);
  const { pathname, search } = new URL(request.url);
  if (intent === "leave") {
    return redirect(pathname + search, { headers: { "set-cookie": await endSession(request, services) } });
  }
  const isNewMerchant = invitation?.merchantId === null;
  const merchantOf = (input: object) =>
    "merchantName" in input ? { name: String(input.merchantName) } : undefined;

  if (intent === "join") {
    const session = await findUser(request);
    if (session === null) return redirect(pathname + search);
    const schema = isNewMerchant ? merchantNameSchema : z.strictObject({});
    const outcome = await submitForm(form, schema, async (input) => {
      const merchant = merchantOf(input);
      const accepted = await acceptAsUser(origin, { token, user: session.user, merchant }, services);
      await openMerchant(
        origin,
        { sessionId: session.id, userId: session.user.id, merchantId: accepted.merchant.id },
        services,
      );
      return accepted;
    });
    if (!outcome.ok) return data({ reply: outcome.reply }, { status: 400 });
    return redirectWithNotice("/", `Welcome to ${outcome.value.merchant.name}`);
  }
  const schema = isNewMerchant ? merchantSignUpFormSchema : invitationSignUpSchema;
  const signUp = async (input: z.output<typeof schema>) => {
    const { firstName, lastName, password } = input;
    const merchant = merchantOf(input);
    return acceptAsNewUser(origin, { token, firstName, lastName, password, merchant }, services);
  };
  const outcome = await submitForm(form, schema, signUp, { hide: ["password"] });
  if (!outcome.ok) return data({ reply: outcome.reply }, { status: 400 });
  const user = await readSignedInUser(outcome.value.userId, services);
  const welcome = redirectWithNotice("/", `Welcome to ${outcome.value.merchant.name}`);
  welcome.headers.append("set-cookie", await startSession(request, { user }, services));
  return welcome;
}

export default function InvitationRoute() {
  const result = useActionData<typeof action>();
  return <InvitationPage {...useLoaderData<typeof loader>()} lastResult={result?.reply} />;
}
