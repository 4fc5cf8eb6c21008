import type { SqlExecutor } from "~/db/database";

/** Saved views of the merchant that look for one of the addresses (in lower case) do not any more. */
export async function forgetInViews(
  db: SqlExecutor,
  { merchantId, emails }: { merchantId: string; emails: readonly string[] },
): Promise<void> {
  if (emails.length === 0) return;
  const views = await db.query<{ id: string; query: string }>(
    "select id, query from saved_views where merchant_id = $1 and query ~ '@|%40'",
    [merchantId],
  );
  for (const { id, query } of views) {
    const all = [...new URLSearchParams(query)];
    const left = all.filter(([, value]) => !emails.includes(value.trim().toLowerCase()));
    if (left.length === all.length) continue;
    await db.query(
      "update saved_views set query = $3, updated_at = now() where id = $1 and merchant_id = $2",
      [id, merchantId, new URLSearchParams(left).toString()],
    );
  }
}
