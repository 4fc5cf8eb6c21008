import { expect, test } from "vitest";
import { tryItCommand } from "~/features/api-keys/try-it";
import { rememberedScope, rememberScope } from "~/features/navigation/scope-cookie.server";
import { samePageIn } from "~/features/navigation/scope-path";

const id = "01a1fe0a-366f-74d9-b033-bdd20ac3395c";
const other = "01a1fe0a-366f-74d9-b033-bdd20ac33950";

test.each([
  [`/apps/${id}/test`, `/apps/${id}/live`],
  [`/apps/${id}/test/api-keys`, `/apps/${id}/live/api-keys`],
  [`/apps/${id}/test/webhooks/${other}`, `/apps/${id}/live/webhooks`],
  ["/applications", `/apps/${id}/live`],
])("the mode switch on %s leads to %s", (from, to) => {
  expect(samePageIn(from, { applicationId: id, mode: "live" })).toBe(to);
});

test("the last scope is remembered, once, and not for a prefetch", () => {
  const scope = { applicationId: id, mode: "live" } as const;
  const cookie = rememberScope(new Request("http://localhost/"), scope)?.split(";")[0] ?? "";
  const again = new Request("http://localhost/", { headers: { cookie } });
  expect(rememberedScope(again)).toEqual(scope);
  expect(rememberScope(again, scope)).toBeNull();
  const prefetch = new Request("http://localhost/", { headers: { "sec-purpose": "prefetch" } });
  expect(rememberScope(prefetch, scope)).toBeNull();
  expect(
    rememberedScope(new Request("http://localhost/", { headers: { cookie: "scope=nonsense.live" } })),
  ).toBeNull();
});

test("a live key's example only reads: a pasted command must not charge anybody", () => {
  const input = { appUrl: "https://pay.example.com", fullKey: "ks_live_x", idempotencyKey: "k" };
  expect(tryItCommand({ ...input, mode: "live" }).code).not.toMatch(/POST|-d /);
  expect(tryItCommand({ ...input, mode: "test" }).code).toContain(
    'curl -X POST "https://pay.example.com/api/v1/sessions"',
  );
});
