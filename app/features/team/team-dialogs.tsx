import { getFormProps, getInputProps, type SubmissionResult, useForm } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { fieldErrors } from "~/components/form/field-errors";
import { FormProblem } from "~/components/form/form-problem";
import { PageConfirm, PageDialog } from "~/components/form/page-dialog";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { useFormValidation } from "~/components/form/use-form-validation";
import { Field } from "~/components/ui/field";
import { UserPlus, UserRoundCog } from "~/components/ui/icons";
import { Input } from "~/components/ui/input";
import { Select } from "~/components/ui/select";
import { Time } from "~/components/ui/time";
import type { roles } from "~/contracts/team";
import { roleNotes, roleWords } from "./role-words";
import type { InvitationView, MemberView } from "./team.presenter.server";

const loadSchema = () => import("~/contracts/team").then(({ inviteSchema }) => inviteSchema);

type TeamRole = (typeof roles)[number];

function RoleOptions({ givable }: { givable: readonly TeamRole[] }) {
  return givable.map((role) => (
    <option key={role} value={role}>
      {roleWords[role]}
    </option>
  ));
}

/** What each role is for; under a select there is no room for it inside. */
function RoleList({ givable }: { givable: readonly TeamRole[] }) {
  return (
    <dl className="grid gap-1 text-sm text-text-2">
      {givable.map((role) => (
        <div key={role}>
          <dt className="inline font-medium text-text">{roleWords[role]}: </dt>
          <dd className="inline">{roleNotes[role]}</dd>
        </div>
      ))}
    </dl>
  );
}

export function InviteDialog({
  merchantName,
  givable,
  closeTo,
  lastResult,
}: {
  merchantName: string;
  givable: readonly TeamRole[];
  closeTo: string;
  lastResult: SubmissionResult<string[]> | undefined;
}) {
  const onValidate = useFormValidation("invite", loadSchema, "intent");
  const [form, fields] = useForm({
    id: "invite",
    lastResult,
    shouldValidate: "onSubmit",
    shouldRevalidate: "onInput",
    onValidate,
  });
  return (
    <PageDialog
      title="Invite to the team"
      icon={<UserPlus />}
      description={`They get an e-mail with a link into ${merchantName} that works once, for two hours.`}
      closeTo={closeTo}
      submit={
        <SubmitButton form={form.id} variant="primary" match={{ intent: "invite" }}>
          Send invitation
        </SubmitButton>
      }
    >
      <Form method="post" {...getFormProps(form)} className="grid gap-4">
        <HiddenFields values={{ intent: "invite" }} />
        <FormProblem problem={form.errors?.join(" ")} />
        <Field
          id={fields.email.id}
          label="E-mail"
          errors={fieldErrors("The e-mail address", fields.email.errors)}
        >
          {(control) => (
            <Input
              {...getInputProps(fields.email, { type: "email" })}
              {...control}
              key={fields.email.key}
              autoComplete="off"
              autoFocus
              placeholder="kofi@example.com"
            />
          )}
        </Field>
        <Field id={fields.role.id} label="Role" errors={fieldErrors("The role", fields.role.errors)}>
          {(control) => (
            <Select
              {...control}
              name={fields.role.name}
              defaultValue={fields.role.initialValue ?? "developer"}
            >
              <RoleOptions givable={givable} />
            </Select>
          )}
        </Field>
        <RoleList givable={givable} />
      </Form>
    </PageDialog>
  );
}

type MemberDialogProps = { member: MemberView; closeTo: string; problem: string | null };

export function RoleDialog({
  member,
  givable,
  closeTo,
  problem,
}: MemberDialogProps & { givable: readonly TeamRole[] }) {
  const whose = member.isYou ? "Your role" : `The role of ${member.name}`;
  return (
    <PageDialog
      title={whose}
      icon={<UserRoundCog />}
      description={
        member.isYou
          ? "It counts from your next page on. You cannot give yourself more again: somebody else has to."
          : "It counts from their next page or call on; nobody is signed out."
      }
      closeTo={closeTo}
      submit={
        <SubmitButton form="change-role" variant="primary" match={{ intent: "role" }}>
          Change role
        </SubmitButton>
      }
    >
      <Form method="post" id="change-role" className="grid gap-4">
        <HiddenFields values={{ intent: "role", id: member.userId }} />
        <FormProblem problem={problem} />
        <Field id="member-role" label="Role">
          {(control) => (
            <Select {...control} name="role" defaultValue={member.role}>
              <RoleOptions givable={givable} />
            </Select>
          )}
        </Field>
        <RoleList givable={givable} />
      </Form>
    </PageDialog>
  );
}

/** Taking somebody out, or leaving. */
export function RemoveDialog({
  member,
  merchantName,
  closeTo,
  problem,
}: MemberDialogProps & { merchantName: string }) {
  const intent = member.isYou ? "leave" : "remove";
  return (
    <PageConfirm
      title={member.isYou ? `Leave ${merchantName}?` : `Remove ${member.name}?`}
      description={
        <>
          <p>
            {member.isYou ? (
              "You are signed out at once, and need a new invitation to come back."
            ) : member.lastActiveAt ? (
              <>
                Last active <Time iso={member.lastActiveAt} />. They are signed out at once, in browsers and
                in the API.
              </>
            ) : (
              "They have never been active."
            )}
          </p>
          <p className="mt-2">
            Invitations that {member.isYou ? "you" : "they"} sent and nobody accepted yet are revoked. API
            keys that {member.isYou ? "you" : "they"} made go on working: roll those whose secret{" "}
            {member.isYou ? "you" : "they"} may have kept.
          </p>
        </>
      }
      closeTo={closeTo}
      submit={
        <SubmitButton form="remove-member" variant="danger" match={{ intent }}>
          {member.isYou ? "Leave" : "Remove"}
        </SubmitButton>
      }
    >
      <Form method="post" id="remove-member">
        <HiddenFields values={{ intent, id: member.userId }} />
        <FormProblem problem={problem} />
      </Form>
    </PageConfirm>
  );
}

export function RevokeInvitationDialog({
  invitation,
  closeTo,
  problem,
}: {
  invitation: InvitationView;
  closeTo: string;
  problem: string | null;
}) {
  return (
    <PageConfirm
      title={`Revoke the invitation of ${invitation.email}?`}
      description="The link in their e-mail stops working at once. You can invite them again."
      closeTo={closeTo}
      submit={
        <SubmitButton form="revoke-invitation" variant="danger" match={{ intent: "revoke" }}>
          Revoke invitation
        </SubmitButton>
      }
    >
      <Form method="post" id="revoke-invitation">
        <HiddenFields values={{ intent: "revoke", id: invitation.id }} />
        <FormProblem problem={problem} />
      </Form>
    </PageConfirm>
  );
}
