import type { SignIn } from "~/contracts/auth";
import type { Role } from "~/db/generated/enums";
import type { Origin } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { AppError } from "~/lib/errors";
import { loginThrottleOf } from "./login-throttle.server";
import { verifyPassword } from "./password.server";

/** A person who proved the password, and where they belong, earliest first. Kadosei's staff may have no merchant. */
export interface SignedInUser {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  isStaff: boolean;
  timeZone: string | null;
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
    const left = await attempt.failed();
    services.log.info({ requestId: origin.requestId, userId: user?.id ?? null }, "sign-in refused");
    throw new AppError("INVALID_CREDENTIALS", { message: refusal(left) });
  }
  await attempt.succeeded();
  return {
    id: user.id,
    email: user.email,
    firstName: user.firstName,
    lastName: user.lastName,
    isStaff: user.isStaff,
    timeZone: user.timeZone,
    memberships: user.memberships.map(({ merchantId, merchant, role }) => ({
      merchantId,
      merchantName: merchant.name,
      role,
    })),
  };
}

async function check(email: string, password: string, services: Services) {
  const user = await services.db.prisma.user.findUnique({
    where: { email },
    include: {
      memberships: { include: { merchant: true }, orderBy: [{ createdAt: "asc" }, { merchantId: "asc" }] },
    },
  });
  return { user, isRight: await verifyPassword(user?.passwordHash ?? null, password) };
}

function refusal(left: number): string {
  const next =
    left === 0
      ? "No tries left: wait 15 minutes before the next one."
      : `${left} ${left === 1 ? "try" : "tries"} left before a 15-minute pause.`;
  return `E-mail or password is not right. ${next}`;
}
