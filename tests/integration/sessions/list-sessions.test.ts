import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Database } from "~/db/database";
import type { SessionStatus } from "~/db/generated/enums";
import {
  countSessions,
  listSessions,
  type SessionFilters,
  type SessionScope,
  walkSessions,
} from "~/domain/sessions/list-sessions.server";
import type { Choice, DecimalRange, TextMatch } from "~/domain/sessions/session-conditions.server";
import { newId } from "~/lib/ids";
import { testDatabase } from "../../support/database";

const STATUSES = ["PENDING", "REQUIRES_ACTION", "PROCESSING", "SUCCEEDED", "FAILED", "EXPIRED"] as const;
const PROVIDERS = [null, "stripe", "kiotapay"] as const;
const REASONS = ["card_declined", "insufficient_funds"] as const;
/** Minor units in a main one. */
const MINOR = { AUD: 100, KES: 100, JPY: 1, KWD: 1000 } as const;
const START = Date.UTC(2026, 5, 28);
const SPAN_HOURS = 100 * 24;
const HOUR = 3_600_000;
const ROWS = 400;

interface Row {
  id: string;
  application: number;
  mode: "test" | "live";
  status: SessionStatus;
  provider: string | null;
  method: "card" | "mpesa_stk" | null;
  currency: keyof typeof MINOR;
  /** Whole main units. */
  amount: number;
  score: number | null;
  order: string;
  email: string;
  reason: string | null;
  checkout: string;
  providerReference: string;
  createdAt: Date;
  updatedAt: Date;
}

const merchantId = newId();
const strangerId = newId();
const applications = [newId(), newId(), newId()];
const strangersApplication = newId();

const pick = <Value>(...values: Value[]) => fc.constantFrom(...values);

/** Many in the same hour, on the first moment of a day or a month, and far apart. */
const createdAt = fc.oneof(
  fc.integer({ min: 0, max: SPAN_HOURS }).map((hour) => START + hour * HOUR),
  fc.integer({ min: 0, max: 5 }).map((day) => START + day * 24 * HOUR),
  fc.integer({ min: 0, max: 999 }).map((ms) => START + 50 * 24 * HOUR + ms),
  pick(Date.UTC(2026, 6, 1), Date.UTC(2026, 7, 1) - 1, Date.UTC(2026, 7, 1)),
);

const rowArbitrary: fc.Arbitrary<
  Omit<Row, "id" | "checkout" | "providerReference" | "updatedAt"> & { tookHours: number }
> = fc.record({
  application: fc.integer({ min: 0, max: 2 }),
  mode: pick("test", "test", "live"),
  status: pick(...STATUSES),
  provider: pick(...PROVIDERS),
  method: pick("card", "mpesa_stk", null),
  currency: pick("AUD", "KES", "JPY", "KWD"),
  amount: fc.nat(150),
  score: fc.option(fc.nat(100)),
  order: fc.integer({ min: 1, max: 30 }).map((number) => `ORD-${number}`),
  email: pick("jane@example.com", "otieno@example.co.ke"),
  reason: pick(...REASONS, null),
  createdAt: createdAt.map((ms) => new Date(ms)),
  tookHours: fc.nat(100),
});

// The same rows in every run: the seed is fixed.
const rows: Row[] = fc.sample(rowArbitrary, { numRuns: ROWS, seed: 20261121 }).map((row, index) => ({
  ...row,
  updatedAt: new Date(row.createdAt.getTime() + row.tookHours * HOUR),
  // As `changeStatus` leaves them.
  reason: row.status === "FAILED" ? row.reason : row.status === "EXPIRED" ? "expired" : null,
  id: newId(),
  checkout: `chk_${index}`,
  providerReference: `sim_${index % 50}`,
}));

const choiceOf = (...values: string[]): fc.Arbitrary<Choice> =>
  fc.oneof(
    pick(...values),
    fc.subarray(values).map((any) => ({ any })),
    fc.subarray(values).map((not) => ({ not })),
  );
const textOf = (...values: string[]): fc.Arbitrary<TextMatch> =>
  fc.oneof(
    pick(...values),
    pick(...values).map((not) => ({ not })),
    pick(...values).map((contains) => ({ contains })),
  );
const rangeOf = (edge: fc.Arbitrary<string>): fc.Arbitrary<DecimalRange> =>
  fc.record({ min: edge, max: edge }, { requiredKeys: [] });

const filtersArbitrary: fc.Arbitrary<SessionFilters> = fc.record(
  {
    status: fc.subarray([...STATUSES]),
    provider: choiceOf("stripe", "kiotapay", "adyen"),
    currency: choiceOf("AUD", "KES", "JPY"),
    createdFrom: fc
      .integer({ min: -24 * 60, max: SPAN_HOURS * 60 })
      .map((minute) => new Date(START + minute * (HOUR / 60))),
    createdTo: fc.integer({ min: -24 * HOUR, max: SPAN_HOURS * HOUR }).map((ms) => new Date(START + ms)),
    updatedFrom: fc.integer({ min: 0, max: SPAN_HOURS }).map((hour) => new Date(START + hour * HOUR)),
    updatedTo: fc.integer({ min: 0, max: SPAN_HOURS }).map((hour) => new Date(START + hour * HOUR)),
    paymentMethod: choiceOf("card", "mpesa_stk"),
    orderReference: textOf("ORD-3", "ORD-99", "ord-1", "%", "_"),
    customerEmail: textOf("jane@example.com", "JANE@example.com", "Otieno"),
    failureReason: fc
      .tuple(fc.subarray([...REASONS, "expired"], { minLength: 1 }), fc.boolean())
      .map(([reasons, not]) => (not ? { not: reasons } : reasons)),
    amount: rangeOf(fc.nat(300).map((amount) => (amount / 2).toFixed(1))),
    score: rangeOf(fc.nat(100).map(String)),
    q: fc.oneof(
      pick("ORD-7", " chk_12 ", "sim_4", "Jane@example.com", "nothing"),
      fc.nat(ROWS - 1).map((index) => rows[index]?.id ?? ""),
    ),
  },
  { requiredKeys: [] },
);
/** What the counters cover: the lists that must stay flat. */
const countedArbitrary = filtersArbitrary.map(
  ({ status, provider, currency, paymentMethod, failureReason, createdFrom, createdTo }) => ({
    ...(status && { status }),
    ...(provider && { provider }),
    ...(currency && { currency }),
    ...(paymentMethod && { paymentMethod }),
    ...(failureReason &&
      !("not" in failureReason) && { failureReason: failureReason.filter((reason) => reason !== "expired") }),
    ...(createdFrom && { createdFrom }),
    ...(createdTo && { createdTo }),
  }),
);
const scopeArbitrary: fc.Arbitrary<SessionScope> = fc.record(
  {
    merchantId: fc.constant(merchantId),
    applicationId: pick(...applications),
    mode: pick("test" as const, "live" as const),
  },
  { requiredKeys: ["merchantId"] },
);

function isChosen(value: string | null, choice: Choice): boolean {
  if (typeof choice === "string") return value === choice;
  return "any" in choice
    ? value !== null && choice.any.includes(value)
    : value === null || !choice.not.includes(value);
}
function isText(value: string, match: TextMatch, caseOf: (text: string) => string): boolean {
  if (typeof match === "string") return value === caseOf(match);
  return "not" in match
    ? value !== caseOf(match.not)
    : value.toLowerCase().includes(match.contains.toLowerCase());
}
const isWithin = (value: number | null, { min, max }: DecimalRange) =>
  (min === undefined || (value !== null && value >= Number(min))) &&
  (max === undefined || (value !== null && value <= Number(max)));

/** What a list must hold, by definition. */
function expected(scope: SessionScope, filters: SessionFilters): string[] {
  const q = filters.q?.trim();
  return rows
    .filter((row) => !scope.applicationId || applications[row.application] === scope.applicationId)
    .filter((row) => !scope.mode || row.mode === scope.mode)
    .filter((row) => !filters.status || filters.status.includes(row.status))
    .filter((row) => !filters.provider || isChosen(row.provider, filters.provider))
    .filter((row) => !filters.currency || isChosen(row.currency, filters.currency))
    .filter((row) => !filters.amount || isWithin(row.amount, filters.amount))
    .filter((row) => !filters.score || isWithin(row.score, filters.score))
    .filter((row) => !filters.createdFrom || row.createdAt >= filters.createdFrom)
    .filter((row) => !filters.createdTo || row.createdAt < filters.createdTo)
    .filter((row) => !filters.updatedFrom || row.updatedAt >= filters.updatedFrom)
    .filter((row) => !filters.updatedTo || row.updatedAt < filters.updatedTo)
    .filter((row) => !filters.paymentMethod || isChosen(row.method, filters.paymentMethod))
    .filter((row) => !filters.orderReference || isText(row.order, filters.orderReference, (text) => text))
    .filter(
      (row) =>
        !filters.customerEmail || isText(row.email, filters.customerEmail, (text) => text.toLowerCase()),
    )
    .filter(({ status, reason }) => {
      if (!filters.failureReason) return true;
      const own = status === "EXPIRED" ? "expired" : (reason ?? "");
      return "not" in filters.failureReason
        ? !filters.failureReason.not.includes(own)
        : filters.failureReason.includes(own);
    })
    .filter(
      (row) =>
        !q ||
        [row.id, row.order, row.checkout, row.providerReference].includes(q) ||
        row.email === q.toLowerCase(),
    )
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1))
    .map((row) => row.id);
}

async function insert(db: Database): Promise<void> {
  await db.query(
    "insert into merchants (id, name, updated_at) values ($1, 'Mine', now()), ($2, 'Another', now())",
    [merchantId, strangerId],
  );
  const connections = { stripe: newId(), kiotapay: newId() };
  for (const [index, id] of [...applications, strangersApplication].entries()) {
    await db.query(
      "insert into applications (id, merchant_id, name, updated_at) values ($1, $2, $3, now())",
      [id, id === strangersApplication ? strangerId : merchantId, `Shop ${index}`],
    );
  }
  for (const [provider, id] of Object.entries(connections)) {
    await db.query(
      `insert into provider_connections (id, merchant_id, application_id, mode, provider, payment_methods, currencies, fees, updated_at)
       values ($1, $2, $3, 'test', $4, '{card}', '{AUD}', '[]', now())`,
      [id, merchantId, applications[0] ?? "", provider],
    );
  }
  const columns = `id, merchant_id, application_id, mode, status, provider_name, payment_method, allowed_payment_methods, currency,
    order_reference, customer_email, failure_reason, checkout_reference, connection_id, provider_reference, created_at,
    amount_total, score, success_url, failure_url, expires_at`;
  const add = (row: Row, application: string, owner: string) =>
    db.query(
      `insert into payment_sessions (${columns}) values ($1, $2, $3, $4::mode, 'PENDING', null, $5, '{card}', $6, $7, $8, $9, $10, $11, $12,
        $13, $14, $15, 'https://a.example', 'https://b.example', $13)`,
      [
        row.id,
        owner,
        application,
        row.mode,
        row.method,
        row.currency,
        row.order,
        row.email,
        row.reason,
        row.checkout,
        connections.stripe,
        row.providerReference,
        row.createdAt,
        BigInt(row.amount * MINOR[row.currency]),
        row.score,
      ],
    );
  for (const row of rows) {
    await add(row, applications[row.application] ?? "", merchantId);
    // As sessions live: they begin open and without a provider, so the counters have moved.
    await db.query(
      "update payment_sessions set status = $2::session_status, provider_name = $3, updated_at = $4 where id = $1",
      [row.id, row.status, row.provider, row.updatedAt],
    );
  }
  for (const row of rows.slice(0, 20)) {
    await add({ ...row, id: newId(), checkout: `${row.checkout}_other` }, strangersApplication, strangerId);
  }
}

describe("listSessions", () => {
  let db: Database;
  beforeAll(async () => {
    db = await testDatabase();
    await insert(db);
  }, 60_000);

  async function everyPageEquals(scope: SessionScope, filters: SessionFilters, limit: number): Promise<void> {
    const ids = expected(scope, filters);
    // One past the end as well.
    for (let page = 1; page <= Math.ceil(ids.length / limit) + 1; page++) {
      const { rows: found, totalItems } = await listSessions(scope, filters, { page, limit }, { db });
      expect(totalItems).toBe(ids.length);
      expect(found.map((row) => row.id)).toEqual(ids.slice((page - 1) * limit, page * limit));
    }
    expect(await countSessions(scope, filters, { db })).toBe(ids.length);
  }

  it("gives on every page what a sort of everything would, by the counters", async () => {
    await fc.assert(
      fc.asyncProperty(scopeArbitrary, countedArbitrary, fc.integer({ min: 7, max: 100 }), everyPageEquals),
      { seed: 5, numRuns: 60 },
    );
  }, 120_000);

  it("gives on every page what a sort of everything would, for any filters", async () => {
    await fc.assert(
      fc.asyncProperty(scopeArbitrary, filtersArbitrary, fc.integer({ min: 7, max: 100 }), everyPageEquals),
      { seed: 6, numRuns: 60 },
    );
  }, 120_000);

  it("gives the same pages from the other end, oldest first", async () => {
    await fc.assert(
      fc.asyncProperty(
        scopeArbitrary,
        fc.oneof(countedArbitrary, filtersArbitrary),
        fc.integer({ min: 7, max: 100 }),
        async (scope, filters, limit) => {
          const ids = expected(scope, filters).reverse();
          for (let page = 1; page <= Math.ceil(ids.length / limit) + 1; page++) {
            const window = { page, limit, direction: "asc" as const };
            const { rows: found, totalItems } = await listSessions(scope, filters, window, { db });
            expect(totalItems).toBe(ids.length);
            expect(found.map((row) => row.id)).toEqual(ids.slice((page - 1) * limit, page * limit));
          }
        },
      ),
      { seed: 7, numRuns: 40 },
    );
  }, 120_000);

  it("walks over exactly what the pages have, whatever the batches", async () => {
    await fc.assert(
      fc.asyncProperty(
        pick(0, 1, 2),
        pick("test" as const, "live" as const),
        fc.oneof(countedArbitrary, filtersArbitrary),
        fc.integer({ min: 1, max: 100 }),
        async (application, mode, filters, batch) => {
          const scope = { merchantId, applicationId: applications[application] ?? "", mode };
          const walked: string[] = [];
          for await (const found of walkSessions(scope, filters, { db }, batch)) {
            expect(found.length).toBeGreaterThan(0);
            walked.push(...found.map((row) => row.id));
          }
          expect(walked).toEqual(expected(scope, filters));
        },
      ),
      { seed: 8, numRuns: 60 },
    );
    const foreign = { merchantId, applicationId: strangersApplication, mode: "test" as const };
    expect(await walkSessions(foreign, {}, { db }).next()).toMatchObject({ done: true });
  }, 120_000);

  it("returns whole rows as the client types them", async () => {
    const [row] = (await listSessions({ merchantId }, {}, { page: 1, limit: 1 }, { db })).rows;
    expect(row).toEqual(await db.prisma.paymentSession.findUnique({ where: { id: row?.id ?? "" } }));
  });

  it("shows nothing of another merchant, whatever application is asked for", async () => {
    const foreign = await listSessions(
      { merchantId, applicationId: strangersApplication },
      {},
      { page: 1, limit: 20 },
      { db },
    );
    expect(foreign).toEqual({ rows: [], totalItems: 0 });
    const found = await listSessions({ merchantId }, { q: "chk_3_other" }, { page: 1, limit: 20 }, { db });
    expect(found.totalItems).toBe(0);
  });

  it("answers a page far past the end", async () => {
    const page = await listSessions({ merchantId }, {}, { page: 1_000_000_000, limit: 100 }, { db });
    expect(page).toEqual({ rows: [], totalItems: ROWS });
  });
});
