import type { ApiKeyCreate } from "~/contracts/api-keys";
import type { Role } from "~/db/generated/enums";
import { type Origin, systemActor, type UserActor } from "~/domain/actor";
import { createApiKey as createApiKeyCommand } from "~/domain/api-keys/create-api-key.server";
import { createApplication as createApplicationCommand } from "~/domain/applications/create-application.server";
import { createMerchant as createMerchantCommand } from "~/domain/merchants/create-merchant.server";
import type { Services } from "~/domain/services";
import { signAccessToken } from "~/domain/users/access-token.server";
import { createUser as createUserCommand } from "~/domain/users/create-user.server";
import { makeInvitationLink } from "~/domain/users/invitation-link.server";
import { newId } from "~/lib/ids";

// Each goes through the real command, with values that are unique in this process.

export const PASSWORD = "correct horse battery staple";

export const origin: Origin = { requestId: "test", ip: "192.0.2.1", userAgent: "vitest" };

let count = 0;
const next = () => ++count;

export function createMerchant(services: Services, values: { name?: string; timeZone?: string } = {}) {
  return createMerchantCommand(systemActor, { name: `Merchant ${next()}`, ...values }, services);
}

export interface TestUser {
  id: string;
  email: string;
  password: string;
  actor: UserActor;
  /** A JWT for the management API. */
  accessToken: string;
}

/** A member of a merchant's team, an owner unless told. */
export async function createUser(
  services: Services,
  values: { merchantId: string; role?: Role; email?: string },
): Promise<TestUser> {
  const number = next();
  const { merchantId, role = "owner", email = `user-${number}@example.test` } = values;
  const { id } = await createUserCommand(
    systemActor,
    {
      email,
      password: PASSWORD,
      firstName: "Mara",
      lastName: `Okafor ${number}`,
      membership: { merchantId, role },
    },
    services,
  );
  const actor: UserActor = {
    ...origin,
    kind: "user",
    userId: id,
    merchantId,
    role,
    label: `Mara Okafor ${number}`,
  };
  const accessToken = await signAccessToken({ userId: id, merchantId }, services);
  return { id, email, password: PASSWORD, actor, accessToken };
}

/** An invitation, to a merchant's team or (null) to sign a new one up; its link as it was mailed. */
export async function createInvitation(
  services: Pick<Services, "db" | "clock" | "config">,
  values: { merchantId: string | null; email: string; role?: Role; invitedById?: string },
) {
  const { url, tokenHash, expiresAt } = makeInvitationLink(services);
  const { merchantId, email, role = "developer", invitedById = null } = values;
  const { id } = await services.db.prisma.invitation.create({
    data: {
      id: newId(),
      merchantId,
      email,
      role,
      tokenHash,
      expiresAt,
      invitedById,
      createdAt: services.clock.now(),
    },
  });
  return { id, url, token: new URL(url).searchParams.get("token") ?? "" };
}

/** An application with its simulated test connections. */
export function createApplication(services: Services, actor: UserActor, values: { name?: string } = {}) {
  return createApplicationCommand(actor, { name: `Shop ${next()}`, ...values }, services);
}

/** An API key, of test mode unless told. */
export function createApiKey(
  services: Services,
  actor: UserActor,
  values: Partial<ApiKeyCreate> & { applicationId: string },
) {
  return createApiKeyCommand(actor, { description: `Key ${next()}`, mode: "test", ...values }, services);
}

/** A merchant with an owner, an application ready for test mode, and a test key. */
export async function createShop(services: Services) {
  const merchant = await createMerchant(services);
  const owner = await createUser(services, { merchantId: merchant.id });
  const application = await createApplication(services, owner.actor);
  const { apiKey, fullKey } = await createApiKey(services, owner.actor, { applicationId: application.id });
  return { merchant, owner, application, apiKey, fullKey };
}

/** The id of the newest routing decision of a session. */
export async function decisionOf(services: Pick<Services, "db">, sessionId: string): Promise<string> {
  const { id } = await services.db.prisma.routingDecision.findFirstOrThrow({
    where: { sessionId },
    orderBy: { createdAt: "desc" },
    select: { id: true },
  });
  return id;
}
