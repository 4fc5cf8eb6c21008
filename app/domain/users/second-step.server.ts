import type { Origin } from "~/domain/actor";
import { queueMail } from "~/domain/mail/send-mail.server";
import type { Services } from "~/domain/services";
import { AppError } from "~/lib/errors";
import { newId } from "~/lib/ids";
import { holdProof, type Proof } from "./hold-proof.server";
import { loginThrottleOf, triesLeft } from "./login-throttle.server";
import { spendSecondFactor } from "./second-factor.server";
import { codesGuessedMail } from "./security-mail";
import { readSignedInUser, type SignedInUser } from "./sign-in.server";
import type { SecondFactor } from "./user-session.server";
import { endUserTokens, findUserToken, issueUserToken } from "./user-token.server";

/**
 * After the right password of a user with two-factor: a token for the next ten minutes, which opens nothing but the
 * second step.
 * @throws AppError INVALID_CREDENTIALS when the password was changed, or every sign-in ended, since it was proved.
 */
export function startSecondStep(input: { user: Proof }, services: Services): Promise<string> {
  const { user } = input;
  const now = services.clock.now();
  return services.db.transaction(async (tx) => {
    await holdProof(tx, user);
    return issueUserToken(tx, { userId: user.id, purpose: "second_step", now });
  });
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
  if (found === null) throw tooLate();
  const { userId } = found;
  const secondFactor = await proveSecondFactor(origin, { user: found, code: input.code }, services);
  const user = await readSignedInUser(userId, services);
  // Read before the step is spent: what ends it later than that, the session's own proof finds (holdProof).
  const ended = await endUserTokens(services.db, { userId, purposes: ["second_step"], now });
  if (!ended.includes(found.id)) throw tooLate();
  return { user, secondFactor };
}

const tooLate = () => new AppError("GONE", { message: "That took too long. Type your password again" });

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
