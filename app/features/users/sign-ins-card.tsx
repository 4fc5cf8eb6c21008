import { Form } from "@remix-run/react";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { Badge } from "~/components/ui/badge";
import { ButtonLink } from "~/components/ui/button";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { Monitor, Smartphone } from "~/components/ui/icons";
import { Time } from "~/components/ui/time";
import type { SecurityView, SignInRow } from "./account.presenter.server";

/** Where one is signed in, and the way out of each. */
export function SignInsCard({ security, here }: { security: SecurityView; here: string }) {
  const { signIns, apiSignIns } = security;
  return (
    <Card>
      <CardHeader
        title="Signed in"
        note={`${signIns.length} ${signIns.length === 1 ? "browser" : "browsers"}`}
      />
      <ul aria-label="Where you are signed in">
        {signIns.map((row) => (
          <SignIn key={row.id} row={row} here={here} />
        ))}
      </ul>
      <CardBody className="grid gap-3 border-t border-border">
        <p className="text-sm text-text-2">
          A browser is signed out after 12 hours without use, and 7 days after signing in.
          {apiSignIns > 0
            ? ` ${apiSignIns === 1 ? "One program is" : `${apiSignIns} programs are`} signed in as you through the API too.`
            : ""}
        </p>
        <div>
          <ButtonLink
            to={`${here}?ask=sign-out-everywhere`}
            variant="danger-quiet"
            preventScrollReset
            prefetch="none"
          >
            Sign out everywhere
          </ButtonLink>
        </div>
      </CardBody>
    </Card>
  );
}

function SignIn({ row, here }: { row: SignInRow; here: string }) {
  const match = { intent: "sign-out-session", id: row.id };
  return (
    <li className="flex flex-wrap items-center gap-3 border-t border-border px-4 py-3">
      <span className="text-text-3">{row.isPhone ? <Smartphone /> : <Monitor />}</span>
      <div className="min-w-0 flex-1 basis-52">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {row.device}
          {row.isThis ? <Badge tone="outline">This browser</Badge> : null}
        </p>
        <p className="text-sm text-text-3">
          {row.ip ? <span className="font-mono">{row.ip}</span> : "address not known"}
          {" · last used "}
          <Time iso={row.lastSeenAt} />
          {" · signed in "}
          <Time iso={row.signedInAt} />
        </p>
      </div>
      {row.isThis ? null : (
        <Form method="post" action={here} preventScrollReset>
          <HiddenFields values={match} />
          <SubmitButton size="sm" match={match}>
            Sign out<span className="sr-only"> {row.device}</span>
          </SubmitButton>
        </Form>
      )}
    </li>
  );
}
