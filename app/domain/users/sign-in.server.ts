import type { SignIn } from "~/contracts/auth";
import type { Prisma } from "~/db/generated/client";
import type { Role } from "~/db/generated/enums";
import type { Origin } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { AppError } from "~/lib/errors";
import type { Proof } from "./hold-proof.server";
import { loginThrottleOf, triesLeft } from "./login-throttle.server";
import { verifyPassword } from "./password.server";

/** A person who proved the password, and where they belong, earliest first. Kadosei's staff may have no merchant. */
export interface SignedInUser extends Proof {
  email: string;
  firstName: string;
  lastName: string;
  isStaff: boolean;
  timeZone: string | null;
  /** The password alone does not let them in. */
  hasSecondFactor: boolean;
  memberships: { merchantId: string; merchantName: string; role: Role }[];
}

/**
 * Checks e-mail and password. A wrong password, an unknown address and a disabled user answer alike and
 * take the same time (reliability.md, "Browser").
 * @throws AppError INVALID_CREDENTIALS, with the tries left; TOO_MANY_REQUESTS with Retry-After (api.md §8).
 */
export async function signIn(origin: Origin, input: SignIn, services: Services): Promise<SignedInUser> {
  const email = input.email.trim().toLowerCase();
  const attempt = await loginThrottleOf(services).begin(email, origin.ip);
  const { user, isRight } = await check(email, input.password, services).catch(async (error: unknown) => {
    await attempt.undone();
    throw error;
  });
  if (user === null || !isRight || user.disabledAt !== null) {
    const { left, headers } = await attempt.failed();
    services.log.info({ requestId: origin.requestId, userId: user?.id ?? null }, "sign-in refused");
    throw new AppError("INVALID_CREDENTIALS", {
      message: `E-mail or password is not right. ${triesLeft(left)}`,
      headers,
    });
  }
  await attempt.succeeded();
  return signedInUser(user);
}

const INCLUDED = {
  memberships: { include: { merchant: true }, orderBy: [{ createdAt: "asc" }, { merchantId: "asc" }] },
} as const satisfies Prisma.UserInclude;

/** A user as one who has proved to be them. */
function signedInUser(user: Prisma.UserGetPayload<{ include: typeof INCLUDED }>): SignedInUser {
  return {
    id: user.id,
    passwordChangedAt: user.passwordChangedAt,
    signedOutAt: user.signedOutAt,
    email: user.email,
    firstName: user.firstName,
    lastName: user.lastName,
    isStaff: user.isStaff,
    timeZone: user.timeZone,
    hasSecondFactor: user.totpEnabledAt !== null,
    memberships: user.memberships.map(({ merchantId, merchant, role }) => ({
      merchantId,
      merchantName: merchant.name,
      role,
    })),
  };
}

/** The user of an id that was proved otherwise: by a sign-in's first step, or by an invitation. */
export async function readSignedInUser(userId: string, { db }: Pick<Services, "db">): Promise<SignedInUser> {
  return signedInUser(await db.prisma.user.findUniqueOrThrow({ where: { id: userId }, include: INCLUDED }));
}

async function check(email: string, password: string, services: Services) {
  const user = await services.db.prisma.user.findUnique({ where: { email }, include: INCLUDED });
  return { user, isRight: await verifyPassword(user?.passwordHash ?? null, password) };
}
