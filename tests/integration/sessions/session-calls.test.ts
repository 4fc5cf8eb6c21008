import { expect, it } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import { presentCalls } from "~/features/sessions/session-calls.presenter.server";
import { newId } from "~/lib/ids";
import { startTestApp } from "../../support/app";
import { createShop } from "../../support/factories";

/** The body of a curl command, as a shell would pass it on. */
const bodyOf = (curl: string) =>
  JSON.parse((/ -d '(.*)'$/s.exec(curl)?.[1] ?? "").replaceAll(`'\\''`, "'")) as unknown;

it("a session's raw JSON is the API's answer, and its curl makes one like it", async () => {
  const { services, call } = await startTestApp();
  const { fullKey: token } = await createShop(services);
  const example = exampleSessionBody("http://localhost:3000");
  const kinds: [path: string, body: Record<string, unknown>, id: string][] = [
    ["/api/v1/sessions", { ...example, description: "It’s O'Neil's" }, "sessionId"],
    [
      "/api/v1/checkout-sessions",
      {
        amount: 1500,
        currency: "KES",
        description: "Order 7",
        successUrl: "https://shop.example/paid",
        cancelUrl: "https://shop.example/cancelled",
        paymentMethods: ["CARD", "MPESA_STK"],
        customerEmail: "jane@example.com",
      },
      "id",
    ],
  ];
  for (const [path, body, name] of kinds) {
    const create = (sent: unknown) =>
      call("POST", path, { token, body: sent, headers: { "idempotency-key": newId() } });
    const made = await create(body);
    expect(made.status, made.text).toBe(201);
    const id: string = made.json[name];
    const session = await services.db.prisma.paymentSession.findUniqueOrThrow({ where: { id } });
    const view = presentCalls(session, services.config.appUrl);

    const answer = await call("GET", `/api/v1/sessions/${id}`, { token });
    expect(view.answer).toBe(JSON.stringify(answer.json, null, 2));
    expect(view.readCurl).toContain(`${services.config.appUrl}/api/v1/sessions/${id}`);

    expect(view.createCurl).toContain(`${services.config.appUrl}${path}`);
    const again = await create(bodyOf(view.createCurl));
    expect(again.status, again.text).toBe(201);
    const like = await services.db.prisma.paymentSession.findUniqueOrThrow({
      where: { id: again.json[name] },
    });
    const same = ["amountTotal", "amountTax", "currency", "customer", "orderItems", "description"] as const;
    for (const column of same) expect(like[column], column).toEqual(session[column]);
    expect(JSON.stringify(view)).not.toContain(token);
  }
});
