import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { pageQueryOf } from "~/contracts/page-query";
import { inviteSchema, roleSchema } from "~/contracts/team";
import { changeRole } from "~/domain/team/change-role.server";
import { inviteMember } from "~/domain/team/invite-member.server";
import { removeMember } from "~/domain/team/remove-member.server";
import { resendInvitation } from "~/domain/team/resend-invitation.server";
import { revokeInvitation } from "~/domain/team/revoke-invitation.server";
import { roleWords } from "~/features/team/role-words";
import { presentTeam } from "~/features/team/team.presenter.server";
import { TeamPage, type TeamPageProps } from "~/features/team/team-page";
import { formText, refusalMessage, submitForm } from "~/http/form.server";
import { redirectWithNotice } from "~/http/notice.server";
import { requireUser } from "~/http/require-user.server";
import { isAppError } from "~/lib/errors";
import { isUuid } from "~/lib/ids";

export const meta: MetaFunction = () => [{ title: "Team · Kadosei" }];

const dialogs = ["invite", "role", "remove", "revoke"] as const;

export async function loader({ request }: LoaderFunctionArgs) {
  const { actor, merchant, services } = await requireUser(request);
  const query = new URL(request.url).searchParams;
  const open = dialogs.find((name) => query.has(name)) ?? null;
  const named = open === null ? "" : (query.get(open) ?? "");
  const id = isUuid(named) ? named : null;
  const chosen = {
    userId: open === "role" || open === "remove" ? id : null,
    invitationId: open === "revoke" ? id : null,
  };
  const input = { ...pageQueryOf(request), merchantName: merchant.name, chosen };
  return { view: await presentTeam(actor, input, services), open };
}

export async function action({ request }: ActionFunctionArgs) {
  const { actor, services } = await requireUser(request);
  const form = await request.formData();
  const id = formText(form, "id");
  const answer = (result: TeamPageProps["result"]) => data(result, { status: 400 });
  const done = (text: string) => redirectWithNotice("/team", text);
  try {
    const intent = formText(form, "intent");
    if (intent === "invite") {
      const outcome = await submitForm(form, inviteSchema, (input) => inviteMember(actor, input, services), {
        conflictField: "email",
      });
      if (!outcome.ok) return answer({ reply: outcome.reply });
      return done(`Invitation sent to ${outcome.value.email}`);
    }
    if (intent === "leave") {
      await removeMember(actor, { userId: actor.userId }, services);
      return redirect("/sign-in");
    }
    if (isUuid(id)) {
      switch (intent) {
        case "role": {
          const role = roleSchema.safeParse(formText(form, "role"));
          if (!role.success) return answer({ problem: "Choose one of the roles." });
          await changeRole(actor, { userId: id, role: role.data }, services);
          return done(`Role changed to ${roleWords[role.data]}`);
        }
        case "remove":
          await removeMember(actor, { userId: id }, services);
          return done("Removed from the team");
        case "resend": {
          const { email } = await resendInvitation(actor, { invitationId: id }, services);
          return done(`Invitation sent to ${email} again`);
        }
        case "revoke":
          await revokeInvitation(actor, { invitationId: id }, services);
          return done("Invitation revoked");
      }
    }
  } catch (error) {
    if (isAppError(error, "NOT_FOUND"))
      return answer({ problem: "That is not there any more: somebody else was faster." });
    return answer({ problem: refusalMessage(error) });
  }
  return answer({ problem: "This page cannot do that." });
}

export default function TeamRoute() {
  const result = useActionData<typeof action>();
  return <TeamPage {...useLoaderData<typeof loader>()} result={result ?? {}} />;
}

export { DashboardError as ErrorBoundary } from "~/features/navigation/dashboard-error";
