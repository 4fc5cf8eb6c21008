import { describe, expect, it } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import { redactBody, redactQuery } from "~/domain/api-logs/redact-body";

const kept = (value: unknown) => JSON.stringify(redactBody(JSON.stringify(value)).value);

describe("a logged body", () => {
  it.each([
    ["a password", { password: "hunter2-hunter2" }],
    ["a new password", { user: { newPassword: "hunter2-hunter2" } }],
    ["an API key", { fullKey: "hunter2-hunter2" }],
    ["a signing secret", { signingSecret: "hunter2-hunter2" }],
    ["a member in snake case", { webhook_secret: "hunter2-hunter2" }],
    ["credentials, whole", { credentials: { anything: ["hunter2-hunter2"] } }],
    ["tokens", { accessToken: "hunter2-hunter2", refreshToken: "hunter2-hunter2" }],
    ["a key inside a text", { note: "it is ks_live_hunter2hunter2hunter2" }],
    ["a signing secret inside a text", { note: "whsec_hunter2hunter2" }],
    ["a provider's key inside a text", { note: "sk_live_hunter2hunter2" }],
    ["a checkout page's address", { checkoutUrl: "https://pay.example/pay/hunter2-hunter2-hunter2" }],
    ["a password in an address", { callbackUrl: "https://user:hunter2-hunter2@shop.example/x" }],
    ["a token in an address", { url: "https://shop.example/x?token=hunter2-hunter2" }],
    ["a key as a member's name", { ks_test_hunter2hunter2: 1 }],
    ["text that is no JSON", "hunter2"],
  ])("does not keep %s", (what, value) => {
    const text =
      what === "text that is no JSON" ? JSON.stringify(redactBody(`{password: ${value}`).value) : kept(value);
    expect(text).not.toContain("hunter2");
  });

  it("masks a person's data and keeps what the order is about", () => {
    const body = exampleSessionBody("http://localhost:3000");
    const text = kept({
      ...body,
      additionalInformation: { contact: "call +254 712 345 678 or jane@example.com" },
    });
    const { customer } = body;
    for (const hidden of [
      customer.email,
      customer.firstName,
      customer.lastName,
      customer.billingAddress.line1,
    ]) {
      expect(text).not.toContain(hidden);
    }
    expect(text).not.toContain("712 345");
    expect(text).not.toContain("jane@");
    expect(text).toContain(body.orderReference);
    expect(text).toContain(body.orderItems[0]?.name);
  });

  it("hides card numbers and leaves other long numbers", () => {
    expect(kept({ note: "4242 4242 4242 4242" })).not.toContain("4242 4242");
    expect(kept({ note: "order 1234567890123456" })).toContain("1234567890123456");
  });

  it("holds nothing that jsonb refuses", () => {
    // As JSON.parse gives them: a NUL, and half a surrogate pair, in a name and in a value.
    const text = JSON.stringify(redactBody('{"a\\u0000":"\\ud800","b":"x\\u0000"}').value);
    expect(text).not.toMatch(/\\u0000|\\ud800/i);
  });

  it("cuts what is long or deep, and says so", () => {
    const text = kept({ list: Array(80).fill(1), text: "x".repeat(5_000) });
    expect(text).toContain("[30 more]");
    expect(text).toContain("[5000 characters]");
    expect(kept(JSON.parse(`${"[".repeat(100)}${"]".repeat(100)}`))).toContain("[deep]");
  });
});

describe("a logged query", () => {
  it("is redacted by its names and by what its values look like", () => {
    const query =
      redactQuery("?customerEmail=jane%40example.com&token=abc&q=jane%40example.com&page=2") ?? "";
    expect(query).toContain("page=2");
    expect(query).not.toContain("jane@");
    expect(query).not.toContain("abc");
    expect(redactQuery("")).toBeNull();
  });
});
