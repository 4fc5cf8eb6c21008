import type { SubmissionResult } from "@conform-to/react";
import { Form, useSearchParams } from "@remix-run/react";
import { DataTable, type DataTableColumn } from "~/components/data-table/data-table";
import { Pager } from "~/components/data-table/pager";
import { PAGE, withParams } from "~/components/data-table/search-params";
import { laterDialog } from "~/components/form/later-dialog";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { Badge } from "~/components/ui/badge";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card, CardHeader } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import {
  Ban,
  Clock3,
  Send,
  ShieldCheck,
  ShieldOff,
  TriangleAlert,
  UserPlus,
  Users,
} from "~/components/ui/icons";
import { PageHeader } from "~/components/ui/page-header";
import { Time } from "~/components/ui/time";
import { roleWords } from "./role-words";
import type { InvitationView, MemberView, TeamView } from "./team.presenter.server";

const dialogs = () => import("./team-dialogs");
const InviteDialog = laterDialog(() => dialogs().then((all) => all.InviteDialog));
const RoleDialog = laterDialog(() => dialogs().then((all) => all.RoleDialog));
const RemoveDialog = laterDialog(() => dialogs().then((all) => all.RemoveDialog));
const RevokeInvitationDialog = laterDialog(() => dialogs().then((all) => all.RevokeInvitationDialog));

export type TeamPageProps = {
  view: TeamView;
  /** The dialog that the URL opens. */
  open: "invite" | "role" | "remove" | "revoke" | null;
  result: { reply?: SubmissionResult<string[]>; problem?: string };
};

type Href = (name: string, value: string) => string;

function TwoFactorBadge({ isOn }: { isOn: boolean }) {
  return isOn ? (
    <Badge tone="success" icon={<ShieldCheck />}>
      On
    </Badge>
  ) : (
    <Badge tone="outline" icon={<ShieldOff />}>
      Off
    </Badge>
  );
}

function memberColumns({ mayWrite, mayLeave }: TeamView, href: Href): DataTableColumn<MemberView>[] {
  return [
    {
      id: "member",
      header: "Member",
      card: "title",
      cell: (row) => (
        <span className="block py-2 max-sm:py-0">
          <span title={row.name} className="block max-w-[28ch] truncate font-bold">
            {row.name}
            {row.isYou ? <span className="font-normal text-text-3"> (you)</span> : null}
          </span>
          <span title={row.email} className="block max-w-[34ch] truncate text-sm text-text-2">
            {row.email}
          </span>
        </span>
      ),
    },
    { id: "role", header: "Role", card: "amount", cell: (row) => roleWords[row.role] },
    {
      id: "twoFactor",
      header: "Two-factor",
      card: "meta",
      cell: (row) => (
        <span className="inline-flex items-center gap-2">
          <span className="sm:hidden">Two-factor</span>
          <TwoFactorBadge isOn={row.hasTwoFactor} />
          {row.isDisabled ? (
            <Badge tone="warning" icon={<Ban />}>
              Disabled
            </Badge>
          ) : null}
        </span>
      ),
    },
    {
      id: "lastActive",
      header: "Last active",
      card: "when",
      cell: (row) =>
        row.lastActiveAt ? <Time iso={row.lastActiveAt} /> : <span className="text-text-3">Not yet</span>,
    },
    {
      id: "joined",
      header: "Joined",
      card: "none",
      quiet: true,
      cell: (row) => <Time iso={row.joinedAt} />,
    },
    ...(mayWrite || mayLeave
      ? [
          {
            id: "actions",
            header: <span className="sr-only">Actions</span>,
            align: "right" as const,
            card: "actions" as const,
            cell: (row: MemberView) => <MemberActions row={row} mayLeave={mayLeave} href={href} />,
          },
        ]
      : []),
  ];
}

function MemberActions({ row, mayLeave, href }: { row: MemberView; mayLeave: boolean; href: Href }) {
  if (row.isOnlyOwner && (row.isYours || row.isYou))
    return <span className="text-sm text-text-3">The only owner</span>;
  const whose = row.isYou ? "your role" : `the role of ${row.name}`;
  const mayRemove = row.isYou ? mayLeave : row.isYours;
  if (!row.isYours && !mayRemove) return null;
  return (
    <span className="inline-flex gap-2">
      {row.isYours ? (
        <ButtonLink
          to={href("role", row.userId)}
          prefetch="none"
          preventScrollReset
          size="sm"
          aria-label={`Change ${whose}`}
        >
          Change role
        </ButtonLink>
      ) : null}
      {mayRemove ? (
        <ButtonLink
          to={href("remove", row.userId)}
          prefetch="none"
          preventScrollReset
          size="sm"
          variant="danger-quiet"
          aria-label={row.isYou ? "Leave the team" : `Remove ${row.name}`}
        >
          {row.isYou ? "Leave" : "Remove"}
        </ButtonLink>
      ) : null}
    </span>
  );
}

function invitationColumns(mayWrite: boolean, href: Href): DataTableColumn<InvitationView>[] {
  const list: DataTableColumn<InvitationView>[] = [
    {
      id: "email",
      header: "E-mail",
      card: "title",
      cell: (row) => (
        <span title={row.email} className="block max-w-[36ch] truncate font-bold">
          {row.email}
        </span>
      ),
    },
    { id: "role", header: "Role", card: "amount", cell: (row) => roleWords[row.role] },
    {
      id: "state",
      header: "State",
      card: "meta",
      cell: (row) =>
        row.state === "open" ? (
          <Badge tone="info" icon={<Clock3 />}>
            Waiting
          </Badge>
        ) : (
          <Badge tone="warning" icon={<TriangleAlert />}>
            Link expired
          </Badge>
        ),
    },
    {
      id: "expires",
      header: "Link works until",
      card: "when",
      cell: (row) => <Time iso={row.expiresAt} />,
    },
    {
      id: "by",
      header: "Invited by",
      card: "line",
      quiet: true,
      cell: (row) =>
        row.invitedBy && (
          <>
            <span className="sm:hidden">Invited by </span>
            {row.invitedBy}
          </>
        ),
    },
  ];
  if (!mayWrite) return list;
  return [
    ...list,
    {
      id: "actions",
      header: <span className="sr-only">Actions</span>,
      align: "right",
      card: "actions",
      cell: (row) =>
        row.isYours ? (
          <span className="inline-flex gap-2">
            <Form method="post" preventScrollReset>
              <HiddenFields values={{ intent: "resend", id: row.id }} />
              <SubmitButton
                size="sm"
                match={{ intent: "resend", id: row.id }}
                aria-label={`Send the invitation of ${row.email} again`}
              >
                <Send />
                Send again
              </SubmitButton>
            </Form>
            <ButtonLink
              to={href("revoke", row.id)}
              prefetch="none"
              preventScrollReset
              size="sm"
              variant="danger-quiet"
              aria-label={`Revoke the invitation of ${row.email}`}
            >
              Revoke
            </ButtonLink>
          </span>
        ) : null,
    },
  ];
}

/** Who works here, who is invited, and the dialogs that change it. */
export function TeamPage({ view, open, result }: TeamPageProps) {
  const [params] = useSearchParams();
  const without = { invite: null, role: null, remove: null, revoke: null };
  const closeTo = withParams(params, without);
  const href: Href = (name, value) => withParams(params, { ...without, [name]: value });
  const { page, invitations, member, invitation, mayWrite, givable } = view;
  const problem = result.problem ?? null;
  const asksInvite = open === "invite" && mayWrite;
  const asksRole = open === "role" && member !== null && member.isYours && !member.isOnlyOwner;
  const asksRemove =
    open === "remove" && member !== null && !member.isOnlyOwner && (member.isYou || member.isYours);
  const asksRevoke = open === "revoke" && invitation !== null && invitation.isYours;
  const asks = asksRole || asksRemove || asksRevoke;
  return (
    <>
      <PageHeader
        title="Team"
        description={`Who may look at ${view.merchantName}, and what each may do. A change counts at once.`}
        actions={
          mayWrite ? (
            <ButtonLink to={href("invite", "1")} preventScrollReset variant="primary">
              <UserPlus />
              Invite
            </ButtonLink>
          ) : null
        }
      />
      {problem && !asks ? (
        <Callout tone="danger" role="alert" className="mb-4">
          {problem}
        </Callout>
      ) : null}
      {asksInvite ? (
        <InviteDialog
          merchantName={view.merchantName}
          givable={givable}
          closeTo={closeTo}
          lastResult={result.reply}
        />
      ) : null}
      {asksRole ? <RoleDialog member={member} givable={givable} closeTo={closeTo} problem={problem} /> : null}
      {asksRemove ? (
        <RemoveDialog member={member} merchantName={view.merchantName} closeTo={closeTo} problem={problem} />
      ) : null}
      {asksRevoke ? (
        <RevokeInvitationDialog invitation={invitation} closeTo={closeTo} problem={problem} />
      ) : null}
      <Card>
        <DataTable
          caption="Members, highest role first"
          columns={memberColumns(view, href)}
          rows={page.items}
          rowId={(row) => row.userId}
          empty={
            <EmptyState
              icon={<Users />}
              title="Nobody on this page"
              action={<ButtonLink to={withParams(params, { [PAGE]: null })}>First page</ButtonLink>}
            >
              The team is smaller than that.
            </EmptyState>
          }
        />
        {page.totalItems > 20 ? (
          <Pager page={page.page} limit={page.limit} totalItems={page.totalItems} />
        ) : null}
      </Card>
      {invitations.length > 0 ? (
        <Card className="mt-4">
          <CardHeader title="Invitations" note="not accepted yet; a link works for two hours" />
          <DataTable
            caption="Invitations, newest first"
            columns={invitationColumns(mayWrite, href)}
            rows={invitations}
            rowId={(row) => row.id}
            empty={null}
          />
        </Card>
      ) : null}
    </>
  );
}
