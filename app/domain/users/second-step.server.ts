import type { Origin } from "~/domain/actor";
import { queueMail } from "~/domain/mail/send-mail.server";
import type { Services } from "~/domain/services";
import { AppError } from "~/lib/errors";
import { newId } from "~/lib/ids";
import { loginThrottleOf, triesLeft } from "./login-throttle.server";
import { spendSecondFactor } from "./second-factor.server";
import { codesGuessedMail } from "./security-mail";
import { readSignedInUser, type SignedInUser } from "./sign-in.server";
import type { SecondFactor } from "./user-session.server";
import { endUserTokens, findUserToken, issueUserToken } from "./user-token.server";

/** After the right password of a user with two-factor: a token for the next ten minutes, which opens nothing but the second step. */
export function startSecondStep(input: { userId: string }, services: Services): Promise<string> {
  const { userId } = input;
  const now = services.clock.now();
  return services.db.transaction((tx) => issueUserToken(tx, { userId, purpose: "second_step", now }));
}

/** Whether a second step is under way. */
export async function isSecondStep(
  token: string,
  { db, clock }: Pick<Services, "db" | "clock">,
): Promise<boolean> {
  return (await findUserToken(db, { token, purpose: "second_step", now: clock.now() })) !== null;
}

/**
 * Ends a sign-in that the password began.
 * @throws AppError GONE when it took longer than ten minutes or was ended; INVALID_CREDENTIALS with the tries left;
 * TOO_MANY_REQUESTS.
 */
export async function finishSecondStep(
  origin: Origin,
  input: { token: string; code: string },
  services: Services,
): Promise<{ user: SignedInUser; secondFactor: SecondFactor }> {
  const now = services.clock.now();
  const found = await findUserToken(services.db, { token: input.token, purpose: "second_step", now });
  if (found === null) throw new AppError("GONE", { message: "That took too long. Type your password again" });
  const secondFactor = await proveSecondFactor(origin, { user: found, code: input.code }, services);
  await endUserTokens(services.db, { userId: found.userId, purposes: ["second_step"], now });
  return { user: await readSignedInUser(found.userId, services), secondFactor };
}

/**
 * Checks a code for somebody who has just proved the password: five wrong ones in 15 minutes are all there are, and
 * the person is told of them by mail.
 * @throws AppError INVALID_CREDENTIALS with the tries left; TOO_MANY_REQUESTS with Retry-After.
 */
export async function proveSecondFactor(
  origin: Origin,
  input: { user: { userId: string; email: string; firstName: string }; code: string },
  services: Services,
): Promise<SecondFactor> {
  const { user, code } = input;
  const attempt = await loginThrottleOf(services, "proof").begin(user.userId, origin.ip);
  const secondFactor = await spendSecondFactor(user, code, services).catch(async (error: unknown) => {
    await attempt.undone();
    throw error;
  });
  if (secondFactor !== null) {
    await attempt.succeeded();
    return secondFactor;
  }
  const { left, headers } = await attempt.failed();
  services.log.info({ requestId: origin.requestId, userId: user.userId }, "second step refused");
  if (left === 0) {
    const mail = codesGuessedMail(user, services.config.appUrl);
    await services.db.transaction((tx) => queueMail(tx, mail, { once: newId() }, services));
    services.jobs.wake("send-mail");
  }
  throw new AppError("INVALID_CREDENTIALS", {
    message: `The code is not right, or was used already. ${triesLeft(left)}`,
    headers,
  });
}
