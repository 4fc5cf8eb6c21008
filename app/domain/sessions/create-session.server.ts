import type { CheckoutSessionCreate } from "~/contracts/checkout-sessions";
import type { Receipt } from "~/contracts/routing";
import type { SessionCreate } from "~/contracts/sessions";
import type { Mode } from "~/db/generated/enums";
import type { Actor } from "~/domain/actor";
import type { BodyFingerprint } from "~/domain/idempotency/canonical-body.server";
import {
  finishKey,
  type KeyScope,
  LEASE_MS,
  ownKey,
  resolveKey,
  type StoredResponse,
} from "~/domain/idempotency/claimed-key.server";
import { decide, eligibleOrder } from "~/domain/routing/decide.server";
import { decideWithProbe } from "~/domain/routing/probe.server";
import { readSnapshot } from "~/domain/routing/read-snapshot.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { emitSessionEvent } from "~/domain/webhooks/emit-session-event.server";
import { endpointUrlProblem } from "~/domain/webhooks/webhook-address.server";
import { AppError } from "~/lib/errors";
import { newId, randomBase62 } from "~/lib/ids";
import { announceChange } from "./announce-change.server";
import { claimedRows, claimSession, type NewSession } from "./claim-session.server";
import { type CreatePath, createdAnswer } from "./created-answer.server";
import { closeRequest, runAttempts } from "./run-attempts.server";
import { checkoutSessionRequest, type SessionRequest, sessionRequest } from "./session-request";
import { readSession } from "./session-row.server";

interface CreateInput<Body> {
  merchantId: string;
  applicationId: string;
  mode: Mode;
  /** Null: the caller sent none, and a repetition makes another session. */
  idempotencyKey: string | null;
  body: Body;
  /** Of the body as it came. */
  fingerprint: BodyFingerprint;
}
export type CreateSessionInput = CreateInput<SessionCreate>;
export type CreateCheckoutSessionInput = CreateInput<CheckoutSessionCreate> & {
  path: Exclude<CreatePath, "/api/v1/sessions">;
};

/**
 * Creates a session and its hosted checkout at the best provider (api.md §5.1–5.3), once per
 * idempotency key: a repeated call gets the first one's answer, byte for byte.
 * @throws AppError VALIDATION_FAILED (the arithmetic, the callback's address), NO_AVAILABLE_PROVIDER (details
 *   say why not, per connection), IDEMPOTENCY_KEY_MISMATCH, IDEMPOTENCY_KEY_IN_USE.
 */
export function createSession(
  actor: Actor,
  input: CreateSessionInput,
  services: Services,
): Promise<StoredResponse> {
  authorise(actor, "sessions.create");
  return create(actor, { ...input, path: "/api/v1/sessions" }, sessionRequest(input.body), services);
}

/**
 * The same from the one-call request of api.md §5.5. Of several payment methods the customer chooses one on
 * the hosted page, and the session is routed then (`choose-method.server.ts`).
 * @throws AppError as createSession does.
 */
export function createCheckoutSession(
  actor: Actor,
  input: CreateCheckoutSessionInput,
  services: Services,
): Promise<StoredResponse> {
  authorise(actor, "sessions.create");
  return create(actor, input, checkoutSessionRequest(input.body), services);
}

async function create(
  actor: Actor,
  input: Omit<CreateInput<unknown>, "body"> & { path: CreatePath },
  request: SessionRequest,
  services: Services,
): Promise<StoredResponse> {
  checkCallbackUrl(request, input.mode, services);
  const { applicationId, mode, path } = input;
  const scope: KeyScope = { applicationId, mode, key: input.idempotencyKey ?? ownKey("create", newId()) };
  const now = services.clock.now();
  const state = await readSnapshot(input, services);
  const id = newId();
  const { currency, country } = request;
  const wishes = request.paymentMethods.map((paymentMethod) => {
    return {
      paymentMethod,
      currency,
      country,
      metadata: request.additionalInformation,
      amount: Number(request.total),
    };
  });
  const [wish] = wishes.length === 1 ? wishes : [];
  const receipt = wish === undefined ? null : await decideWithProbe(state, wish, id, services);
  const receipts =
    receipt !== null
      ? [receipt]
      : wishes.map((each) => decide(state.snapshot, each, state.settings, id, now.getTime()));
  const isServable = receipts.some((each) => eligibleOrder(each).length > 0);
  const session: NewSession = {
    id,
    merchantId: input.merchantId,
    scope,
    fingerprint: input.fingerprint,
    path,
    request,
    attemptId: newId(),
    checkoutReference: `chk_${randomBase62(16)}`,
    now,
    lockedUntil: new Date(now.getTime() + LEASE_MS),
    receipt,
  };
  // What never began is not stored, so an earlier call's answer still wins over "no provider".
  if (isServable) {
    const answer = receipt === null ? await openWithChoice(actor, session, services) : null;
    if (answer !== null) return answer;
    const [first] = receipt === null ? [] : eligibleOrder(receipt);
    if (receipt !== null && first !== undefined) {
      if (await claimSession(services.db, actor, session)) {
        services.telemetry.routingChoice({ provider: first.provider, mode, explored: receipt.explored });
        const fresh = {
          ...claimedRows(actor, session, first),
          order: eligibleOrder(receipt),
          open: state.open,
        };
        return runAttempts(
          { sessionId: id, scope, lockedUntil: session.lockedUntil, startedAt: now, path, fresh },
          services,
        );
      }
    }
  }

  const key = await resolveKey(services.db, scope, input.fingerprint, now);
  switch (key.kind) {
    case "finished":
      return key.response;
    case "taken-over":
      return runAttempts(
        { sessionId: key.sessionId, scope, lockedUntil: key.lockedUntil, startedAt: now, path },
        services,
      );
    case "free":
      if (!isServable) throw noProvider(request, receipts);
      // The key expired between the two looks: it is free now.
      return create(actor, input, request, services);
  }
}

/** A session whose customer has several methods to choose from is whole without a provider. Null when the key exists. */
async function openWithChoice(
  actor: Actor,
  session: NewSession,
  services: Services,
): Promise<StoredResponse | null> {
  const answer = await services.db.transaction(async (tx) => {
    if (!(await claimSession(tx, actor, session))) return null;
    const row = await readSession(tx, session.id, "read");
    if (row === null) throw new Error("a session that was just made is gone");
    const created = createdAnswer(session.path, row, null, services);
    await emitSessionEvent(tx, row, "session.created", services);
    await closeRequest(tx, row.id, created.status, services.clock.now().getTime() - session.now.getTime());
    await finishKey(tx, session.scope, session.lockedUntil, created);
    return created;
  });
  announceChange(session.scope, services);
  return answer === null ? null : { ...answer, isReplay: false };
}

/** @throws AppError VALIDATION_FAILED naming `callbackUrl`: the rules of a webhook endpoint's address (api.md §4, §6). */
function checkCallbackUrl(request: SessionRequest, mode: Mode, services: Services): void {
  if (request.callbackUrl === null) return;
  const problem = endpointUrlProblem(request.callbackUrl, mode, services.config.allowLocalWebhooks);
  if (problem !== null) throw new AppError("VALIDATION_FAILED", { message: [`callbackUrl ${problem}`] });
}

/** Why not, per connection; and per payment method where there are several. */
function noProvider({ paymentMethods }: SessionRequest, receipts: readonly Receipt[]): AppError {
  return new AppError("NO_AVAILABLE_PROVIDER", {
    details: receipts.flatMap(({ candidates }, position) =>
      candidates.map(({ connectionId, provider, excluded }) => ({
        connectionId,
        provider,
        ...(receipts.length > 1 ? { paymentMethod: paymentMethods[position]?.toUpperCase() } : {}),
        reason: excluded,
      })),
    ),
  });
}
