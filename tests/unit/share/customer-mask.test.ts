import { describe, expect, it } from "vitest";
import { customerMask, maskJson } from "~/features/share/customer-mask";

const customer = {
  firstName: "Jane",
  lastName: "Smith (née O’Neil)",
  email: "Jane.Smith@example.com",
  phone: "+61412345678",
  billingAddress: {
    line1: "1 Long Street",
    city: "Melbourne",
    state: "VIC",
    postalCode: "3000",
    country: "AU",
  },
};
const mask = customerMask(customer, "jane.smith@example.com");

describe("what a share link shows of the customer", () => {
  it("is nothing that the session knows of them, wherever it stands", () => {
    const text = mask(
      "Jane Smith (née O’Neil), jane of 1 Long Street, MELBOURNE VIC 3000, +61412345678, Jane.Smith@example.com",
    );
    for (const word of [
      "jane.",
      "Jane",
      "Smith",
      "Neil",
      "Long Street",
      "MELBOURNE",
      "VIC",
      "3000",
      "+61412",
    ])
      expect(text).not.toContain(word);
  });

  it("leaves what only looks alike: longer words, other numbers, the country", () => {
    expect(mask("Janet paid 30001 in AU")).toBe("Janet paid 30001 in AU");
  });

  it("takes secrets and a person's data out of JSON by their names, and keeps its shape", () => {
    const value = {
      client_secret: "abc",
      amount: 3000,
      state: "open",
      customer: { name: "Jane", phone: 412345678, tags: ["x Melbourne"], shippingCity: null },
      billing: { city: "Elsewhere", email: "other@shop.example" },
    };
    expect(maskJson(value, mask)).toEqual({
      client_secret: "[redacted]",
      amount: 3000,
      state: "open",
      customer: { name: "•••", phone: "[redacted]", tags: ["x •••"], shippingCity: null },
      billing: { city: "•••", email: "o•••@shop.example" },
    });
  });
});
