import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { inviteMember } from "~/domain/team/invite-member.server";
import { resendInvitation } from "~/domain/team/resend-invitation.server";
import { revokeInvitation } from "~/domain/team/revoke-invitation.server";
import { requestEmailChange } from "~/domain/users/change-email.server";
import { MAX_MAILS_PER_ADDRESS, MAX_MAILS_PER_USER } from "~/domain/users/mail-throttle.server";
import { signIn } from "~/domain/users/sign-in.server";
import { createUserSession } from "~/domain/users/user-session.server";
import { newId } from "~/lib/ids";
import * as team from "~/routes/dashboard/team";
import { resetDatabase } from "../../support/database";
import { createMerchant, createUser, origin, type TestUser } from "../../support/factories";
import { deliverMail } from "../../support/mailbox";
import { type TestServices, testServices, useServices } from "../../support/services";
import { visitPage } from "../../support/visit-page";

let services: TestServices;
let owner: TestUser;

beforeAll(async () => {
  services = await testServices();
  useServices(services);
});
beforeEach(async () => {
  await resetDatabase(services.db);
  services.enqueued.length = 0;
  owner = await createUser(services, { merchantId: (await createMerchant(services)).id });
});

const stranger = () => `${newId()}@stranger.test`;
const asPerson = ({ id, email }: TestUser) => ({ id, email, firstName: "Mara", lastName: "Okafor" });
const change = (user: TestUser, email: string) =>
  requestEmailChange(origin, { user: asPerson(user), email }, services);
const invite = (user: TestUser, email: string) =>
  inviteMember(user.actor, { email, role: "viewer" }, services);
const tooMany = (message: string) =>
  expect.objectContaining({
    code: "TOO_MANY_REQUESTS",
    message: expect.stringMatching(new RegExp(`^${message} Try again in \\d+ minutes?$`)),
    headers: expect.objectContaining({ "retry-after": expect.stringMatching(/^\d+$/) }),
  });
const OF_USER = "You have had too many mails sent to addresses that you typed\\.";
const OF_ADDRESS = "This address has been sent too many mails\\.";

describe("a person who has strangers mailed", () => {
  it("may ask for a few changes of their e-mail address an hour, whatever the addresses", async () => {
    for (let i = 0; i < MAX_MAILS_PER_USER["email-change"]; i++) await change(owner, stranger());
    const mailed = (await deliverMail(services)).length;
    expect(mailed).toBe(2 * MAX_MAILS_PER_USER["email-change"]);
    await expect(change(owner, stranger())).rejects.toEqual(tooMany(OF_USER));
    expect(await deliverMail(services)).toEqual([]);
    // A colleague, and an invitation, count for themselves.
    await change(await createUser(services, { merchantId: owner.actor.merchantId }), stranger());
    await invite(owner, stranger());
  });

  it("cannot invite, revoke and invite without end, neither one address nor many", async () => {
    const email = stranger();
    const again = async (address: string) =>
      revokeInvitation(owner.actor, { invitationId: (await invite(owner, address)).id }, services);
    for (let i = 0; i < MAX_MAILS_PER_ADDRESS; i++) await again(email);
    await expect(again(email)).rejects.toEqual(tooMany(OF_ADDRESS));
    // Nobody else reaches that address either, by whichever mail.
    const other = await createUser(services, { merchantId: (await createMerchant(services)).id });
    await expect(invite(other, email)).rejects.toEqual(tooMany(OF_ADDRESS));
    await expect(change(other, email)).rejects.toEqual(tooMany(OF_ADDRESS));
    for (let i = MAX_MAILS_PER_ADDRESS; i < MAX_MAILS_PER_USER.invitation; i++) await again(stranger());
    await expect(again(stranger())).rejects.toEqual(tooMany(OF_USER));
  });

  it("sends an invitation again as often as an address may be mailed", async () => {
    const { id } = await invite(owner, stranger());
    for (let i = 1; i < MAX_MAILS_PER_ADDRESS; i++) {
      services.clock.advance(2 * 60_000);
      await resendInvitation(owner.actor, { invitationId: id }, services);
    }
    services.clock.advance(2 * 60_000);
    await expect(resendInvitation(owner.actor, { invitationId: id }, services)).rejects.toEqual(
      tooMany(OF_ADDRESS),
    );
  });

  it("is not counted for what sends no mail", async () => {
    const email = stranger();
    await invite(owner, email);
    for (let i = 0; i < 2 * MAX_MAILS_PER_ADDRESS; i++) {
      await expect(invite(owner, email)).rejects.toEqual(expect.objectContaining({ code: "CONFLICT" }));
    }
    const second = await createUser(services, { merchantId: (await createMerchant(services)).id });
    await invite(second, email);
  });

  it("reads on the page what happened, and keeps the address typed", async () => {
    const email = stranger();
    const user = await signIn(origin, owner, services);
    const cookie = `kadosei=${(await createUserSession(origin, { user }, services)).token}`;
    const send = () =>
      visitPage(team, "/team", { cookie, form: { intent: "invite", email, role: "viewer" } });
    for (let i = 0; i < MAX_MAILS_PER_ADDRESS; i++) {
      expect((await send()).status).toBe(302);
      await services.db.query("UPDATE invitations SET revoked_at = now() WHERE email = $1", [email]);
    }
    const { status, data } = await send();
    expect(status).toBe(400);
    expect(data.reply.error[""][0]).toMatch(/^This address has been sent too many mails\. Try again in/);
    expect(data.reply.initialValue).toMatchObject({ email });
  });
});
