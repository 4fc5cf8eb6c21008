/**
 * The body of the documentation's example (the one-item order that adds up), for snippets and test
 * sessions. Its customer comes back to `/demo-shop/…` of this system, so that the path ends on a
 * page that exists.
 */
export function exampleSessionBody(appUrl: string) {
  return {
    orderReference: "ORD-2024-001",
    paymentMethod: "card",
    currency: "AUD",
    locale: "en_AU",
    amount: { total: 140.76, shipping: 9.95, tax: 11.81 },
    orderItems: [{ name: "Wireless Headphones", sku: "WH-100", quantity: 1, unitPrice: 119 }],
    customer: {
      firstName: "Jane",
      lastName: "Smith",
      email: "jane.smith@example.com",
      phone: "+61412345678",
      billingAddress: {
        line1: "123 Collins Street",
        line2: "Level 5",
        city: "Melbourne",
        state: "VIC",
        postalCode: "3000",
        country: "AU",
      },
    },
    shipping: { type: "express", method: "aus_post" },
    redirectUrls: { success: `${appUrl}/demo-shop/success`, failure: `${appUrl}/demo-shop/failure` },
  };
}
