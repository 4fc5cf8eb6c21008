import type { RoutingChange } from "~/contracts/routing-rules";
import { json, type SqlExecutor } from "~/db/database";
import type { Mode } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import { type ApplicationRow, holdApplication } from "~/domain/applications/application.server";
import { changesOf, recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";
import { currentVersion, type RoutingVersion, readVersions } from "./routing-settings.server";

interface Target {
  applicationId: string;
  mode: Mode;
}

/**
 * Makes the settings the application's next version; they count from then on. The same settings again make
 * none. `input.version` is the one that the caller saw.
 * @throws AppError FORBIDDEN; NOT_FOUND for the application; CONFLICT when another version was saved since.
 */
export async function saveRoutingSettings(
  actor: UserActor,
  input: Target & RoutingChange,
  services: Services,
): Promise<RoutingVersion> {
  const { weights, rules, note } = input;
  return change(actor, input, services, async () => ({ weights, rules, note, action: "saved" }));
}

/**
 * Uses the settings of an earlier version again, as a new version. Rules about connections that were archived
 * since come back, too, and do nothing.
 * @throws AppError as saveRoutingSettings does; VALIDATION_FAILED when there is no version `to`.
 */
export async function revertRoutingSettings(
  actor: UserActor,
  input: Target & { version: number; to: number },
  services: Services,
): Promise<RoutingVersion> {
  return change(actor, input, services, async (tx) => {
    const scope = { ...input, merchantId: actor.merchantId };
    const [earlier] = await readVersions(tx, scope, { take: 1, below: input.to + 1 });
    if (earlier === undefined || earlier.version !== input.to) {
      throw new AppError("VALIDATION_FAILED", { message: ["to must be a version of these settings"] });
    }
    const { weights, rules } = earlier;
    return { weights, rules, note: `Back to version ${input.to}`, action: "reverted" };
  });
}

type Wanted = Pick<RoutingVersion, "weights" | "rules" | "note"> & { action: string };

async function change(
  actor: UserActor,
  input: Target & { version: number },
  services: Services,
  wanted: (tx: SqlExecutor) => Promise<Wanted>,
): Promise<RoutingVersion> {
  authorise(actor, "routing.write");
  const now = services.clock.now();
  return services.db.transaction(async (tx) => {
    // Two changes of one application wait for each other here.
    const application = await holdApplication(tx, actor.merchantId, input.applicationId, "UPDATE");
    const scope = { merchantId: actor.merchantId, applicationId: input.applicationId, mode: input.mode };
    const before = await currentVersion(tx, scope);
    if (before.version !== input.version) throw stale(before);
    const { action, ...next } = await wanted(tx);
    const changes = changesOf(auditFields(before), auditFields(next));
    if (changes === null) return before;
    const after: RoutingVersion = {
      ...next,
      version: before.version + 1,
      author: { id: actor.userId, name: actor.label },
      createdAt: now,
    };
    await insert(tx, application, input.mode, after);
    await recordAudit(
      tx,
      actor,
      {
        action: `routing_settings.${action}`,
        targetType: "application",
        targetId: application.id,
        targetLabel: application.name,
        before: { mode: input.mode, version: before.version, ...changes.before },
        after: { mode: input.mode, version: after.version, ...changes.after },
        merchantId: actor.merchantId,
      },
      now,
    );
    return after;
  });
}

/** What makes two versions differ, in an order of its own: jsonb gives members back in another. */
function auditFields({ weights, rules }: Pick<RoutingVersion, "weights" | "rules">): Record<string, unknown> {
  const { margin, cost, speed } = weights;
  return {
    weights: { margin, cost, speed },
    pins: rules.pins.map(({ key, value, connectionId }) => ({ key, value, connectionId })),
    splits: rules.splits.map(({ paymentMethod, currency, shares }) => ({
      paymentMethod,
      currency,
      shares: shares.map(({ connectionId, percent }) => ({ connectionId, percent })),
    })),
    priorities: rules.priorities.map(({ paymentMethod, currency, minAmount, connectionIds }) => ({
      paymentMethod,
      currency,
      minAmount,
      connectionIds,
    })),
    limits: rules.limits.map(({ connectionId, currency, min, max }) => ({
      connectionId,
      currency,
      min,
      max,
    })),
    exclusions: rules.exclusions.map(({ connectionId, paymentMethod, currency, country }) => ({
      connectionId,
      paymentMethod,
      currency,
      country,
    })),
  };
}

async function insert(
  tx: SqlExecutor,
  application: ApplicationRow,
  mode: Mode,
  { version, weights, rules, note, author, createdAt }: RoutingVersion,
): Promise<void> {
  await tx.query(
    `insert into routing_configs (application_id, mode, version, merchant_id, margin, cost_weight, speed_weight,
                                  rules, note, author_id, created_at)
     values ($1, $2::mode, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      application.id,
      mode,
      version,
      application.merchantId,
      weights.margin,
      weights.cost,
      weights.speed,
      json(rules),
      note,
      author?.id ?? null,
      createdAt,
    ],
  );
}

function stale({ version, author, createdAt }: RoutingVersion): AppError {
  const who = author === null ? "" : ` ${author.name} saved it.`;
  return new AppError("CONFLICT", {
    message: `These settings are at version ${version} by now.${who} Read them and make your change again`,
    details: { version, savedBy: author?.name ?? null, savedAt: createdAt?.toISOString() ?? null },
  });
}
