import type { UserActor } from "~/domain/actor";
import { type AuditActor, recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { maskedEmail } from "~/lib/personal-data";
import { ERASE_BATCH, eraseSessions } from "./erase-sessions.server";
import { forgetInViews } from "./forget-in-views.server";

export interface CustomerSessions {
  /** Payment sessions with this e-mail address that can be erased. */
  erasable: number;
  /** Those that are not over: they can still be paid, or a payment of theirs runs. They end within an hour. */
  open: number;
}

/**
 * Not over. Choosing another method sends the customer's data to a provider, and who looks at a payment that runs
 * still needs to know whose it is.
 */
const OPEN = "status in ('PENDING', 'REQUIRES_ACTION', 'PROCESSING')";

/** What an erasure would find among the merchant's sessions. @throws AppError FORBIDDEN. */
export async function findCustomer(
  actor: UserActor,
  input: { email: string },
  services: Pick<Services, "db">,
): Promise<CustomerSessions> {
  authorise(actor, "privacy.write");
  return countSessions(actor.merchantId, input.email, services);
}

/**
 * Erases what the merchant's sessions hold of a customer, found by e-mail address, in all applications and both
 * modes. Open sessions are left: `open` says how many. Repeatable; in batches, so that what was done stays done.
 * @throws AppError FORBIDDEN.
 */
export async function eraseCustomer(
  actor: UserActor,
  input: { email: string },
  services: Pick<Services, "db" | "clock">,
): Promise<{ erased: number; open: number }> {
  authorise(actor, "privacy.write");
  return eraseAt(actor, actor.merchantId, input.email, services);
}

/** The same at every merchant: for the operator (`npm run privacy:erase`). */
export async function eraseCustomerEverywhere(
  actor: AuditActor,
  input: { email: string; merchantId?: string },
  services: Pick<Services, "db" | "clock">,
): Promise<{ merchantId: string; name: string; erased: number; open: number }[]> {
  const merchants = await services.db.prisma.merchant.findMany({
    where: input.merchantId === undefined ? {} : { id: input.merchantId },
    select: { id: true, name: true },
    orderBy: { id: "asc" },
  });
  const results = [];
  for (const { id, name } of merchants) {
    const { erased, open } = await eraseAt(actor, id, input.email, services);
    if (erased + open > 0) results.push({ merchantId: id, name, erased, open });
  }
  return results;
}

async function countSessions(
  merchantId: string,
  email: string,
  { db }: Pick<Services, "db">,
): Promise<CustomerSessions> {
  const [row] = await db.query<CustomerSessions>(
    `select count(*) filter (where not (${OPEN}))::int4 as erasable, count(*) filter (where ${OPEN})::int4 as open
       from payment_sessions where merchant_id = $1 and customer_email = $2`,
    [merchantId, stored(email)],
  );
  return row ?? { erasable: 0, open: 0 };
}

async function eraseAt(
  actor: AuditActor,
  merchantId: string,
  email: string,
  services: Pick<Services, "db" | "clock">,
): Promise<{ erased: number; open: number }> {
  const { db, clock } = services;
  let erased = 0;
  for (let batch = ERASE_BATCH; batch === ERASE_BATCH; ) {
    batch = await db.transaction(async (tx) => {
      // An erased session is not found by the address any more.
      const rows = await tx.query<{ id: string }>(
        `select id from payment_sessions where merchant_id = $1 and customer_email = $2 and not (${OPEN})
          order by id limit ${ERASE_BATCH} for update`,
        [merchantId, stored(email)],
      );
      if (rows.length > 0)
        await eraseSessions(tx, { merchantId, sessionIds: rows.map(({ id }) => id) }, clock.now());
      return rows.length;
    });
    erased += batch;
  }
  // Also while some are open, and where there never was one.
  await forgetInViews(db, { merchantId, emails: [stored(email)] });
  const { open } = await countSessions(merchantId, email, services);
  if (erased + open > 0)
    await recordAudit(
      db,
      actor,
      {
        action: "customer.erased",
        targetType: "customer",
        // This log cannot be erased.
        targetLabel: maskedEmail(stored(email)),
        after: { sessions: erased, stillOpen: open },
        merchantId,
      },
      clock.now(),
    );
  return { erased, open };
}

/** As payment_sessions has it. */
const stored = (email: string) => email.trim().toLowerCase();
