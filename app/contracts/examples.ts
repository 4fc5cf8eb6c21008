import { exampleSessionBody } from "./example-session";

/**
 * The values of the documents' examples (api.md §9). A test makes each call with its example and holds the
 * answer against the example's shape.
 */

/** Stands for this system in examples; the document puts the real one in its place. */
export const EXAMPLE_ORIGIN = "https://kadosei.example";

const ids = {
  merchantId: "01936e2b-5a4b-7c3d-8e2f-1a0b9c8d7e6f",
  userId: "01936e2b-5a4c-7d4e-9f30-2b1c0d9e8f7a",
  applicationId: "01936e2c-7d3a-7b54-9f0e-5a1c2b3d4e5f",
  keyId: "01936e2d-11c0-7e0a-8a34-6f7e8d9c0b1a",
  connectionId: "01936e2d-9b1e-7c3d-b2a1-0f1e2d3c4b5a",
  otherConnectionId: "01936e2d-9b20-7d4e-a3b2-1c0d9e8f7a6b",
  webhookId: "01936e2e-4c5d-7a6b-9c8d-7e6f5a4b3c2d",
  deliveryId: "01936e30-0a1b-7c2d-8e3f-4a5b6c7d8e9f",
  recoveryId: "01936e30-5b6c-7d8e-9f01-23456789abcd",
  eventId: "01936e2f-f0e1-7d2c-9b3a-4c5d6e7f8a9b",
  sessionId: "01936e2f-8b21-7f4e-a6d5-3c2b1a0f9e8d",
  decisionId: "01936e2f-8b22-7a1b-8c2d-3e4f5a6b7c8d",
  logId: "01936e2f-8b40-7d1c-8e5f-2b3c4d5e6f7a",
};

/** Parameters of paths: what each is, and an example. */
export const pathParameters: Record<string, { description: string; example: string }> = {
  applicationId: { description: "The application's id.", example: ids.applicationId },
  keyId: { description: "The API key's id; not the key itself.", example: ids.keyId },
  connectionId: { description: "The provider connection's id.", example: ids.connectionId },
  webhookId: { description: "The webhook endpoint's id.", example: ids.webhookId },
  deliveryId: { description: "The delivery's id.", example: ids.deliveryId },
  logId: { description: "The id of the call in the log.", example: ids.logId },
  recoveryId: { description: "The recovery's id.", example: ids.recoveryId },
  sessionId: { description: "The session's id.", example: ids.sessionId },
  decisionId: { description: "The routing decision's id.", example: ids.decisionId },
  provider: { description: "The provider's name, in lower case.", example: "stripe" },
};

export const IDEMPOTENCY_KEY_EXAMPLE = "550e8400-e29b-41d4-a716-446655440000";

const createdAt = "2026-07-01T12:00:00.000Z";
const updatedAt = "2026-07-01T12:04:31.528Z";

const onePage = <Item>(item: Item) => ({
  items: [item],
  page: 1,
  limit: 20,
  totalItems: 1,
  totalPages: 1,
  hasPreviousPage: false,
  hasNextPage: false,
});

const tokens = {
  accessToken: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTkzNmUyYyJ9.c2lnbmF0dXJl",
  tokenType: "Bearer",
  expiresIn: 3600,
  refreshToken: "rV0nqD9mA8kJ2sLw5xTzYb7cEf1gHi3jKl6mNo4pQrS",
};

const application = {
  id: ids.applicationId,
  name: "Web shop",
  description: "shop.example",
  isEnabled: true,
  unfulfilledAfterMinutes: null,
  timeZone: null,
  displayName: "Demo Outfitters",
  accentColor: "#0f5a48",
  checkoutLanguage: null,
  supportContact: "help@shop.example",
  createdAt,
  updatedAt,
};

const apiKey = {
  id: ids.keyId,
  applicationId: ids.applicationId,
  keyPrefix: "ks_test_8Fq2",
  description: "Production server",
  mode: "test",
  expiresAt: null,
  createdAt,
};
const listedApiKey = {
  ...apiKey,
  lastUsedAt: "2026-07-01T12:04:00.000Z",
  lastUsedIp: "203.0.113.7",
  revokedAt: null,
  rolledToId: null,
};
// Its check characters are wrong on purpose: no secret scanner takes it for a key.
const createdApiKey = { ...apiKey, fullKey: "ks_test_8Fq2exampleexampleexampleexampl0000000" };

const connection = {
  id: ids.connectionId,
  applicationId: ids.applicationId,
  provider: "stripe",
  mode: "test",
  isActive: true,
  isSimulated: true,
  paymentMethods: ["card"],
  currencies: ["AUD", "NZD"],
  countries: [],
  fees: [{ percent: "1.75", fixed: "0.3", currency: "AUD" }],
  priority: null,
  credentialsFingerprint: null,
  webhookUrl: null,
  simulatorSettings: { successRate: 1, latencyMs: 0, outage: "none" },
  lastTestAt: null,
  lastTestStatus: null,
  createdAt,
  updatedAt,
};

const webhookEndpoint = {
  id: ids.webhookId,
  url: "https://shop.example/webhooks/kadosei",
  mode: "test",
  isActive: true,
  keyFingerprint: "whsec_...a3f2",
  subscribedEvents: ["session.completed", "session.failed", "session.expired"],
  lastTestAt: null,
  lastTestStatus: null,
  createdAt,
  updatedAt,
};
const createdWebhookEndpoint = {
  ...webhookEndpoint,
  signingSecret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw5Jm0example=",
};

const session = {
  id: ids.sessionId,
  orderReference: "ORD-2024-001",
  status: "SUCCEEDED",
  paymentMethod: "card",
  providerName: "stripe",
  failureReason: null,
  expiresAt: "2026-07-01T13:00:00.000Z",
  createdAt,
  updatedAt,
  amount: { total: 140.76, shipping: 9.95, tax: 11.81 },
  currency: "AUD",
  mode: "test",
  applicationId: ids.applicationId,
  customerEmail: "jane.smith@example.com",
  checkoutReference: "chk_7Hn3kQ9sT2vW4xYz",
};

const apiLog = {
  id: ids.logId,
  requestId: "b8f1a7c2-3d4e-4f5a-9b6c-7d8e9f0a1b2c",
  applicationId: ids.applicationId,
  mode: "test",
  method: "GET",
  route: "/api/v1/payment-methods",
  path: "/api/v1/payment-methods",
  query: "currency=AUD",
  status: 200,
  errorCode: null,
  durationMs: 4,
  keyPrefix: "ks_test_8Fq2",
  userId: null,
  idempotencyKey: null,
  idempotencyResult: null,
  sessionId: null,
  orderReference: null,
  ip: "203.0.113.7",
  userAgent: "shop/1.4",
  createdAt,
};

const createdSession = {
  sessionId: ids.sessionId,
  checkoutUrl: `${EXAMPLE_ORIGIN}/pay/x9WcVb3nM5kL8jH2gF4dS6aQ7wE1rT0yUiOpZxCvBnM`,
  status: "PENDING",
  routing: { selectedProvider: "stripe", score: 92.5 },
  expiresAt: "2026-07-01T13:00:00.000Z",
  createdAt,
};

const checkoutSession = {
  id: ids.sessionId,
  checkoutRef: "chk_7Hn3kQ9sT2vW4xYz",
  checkoutUrl: `${EXAMPLE_ORIGIN}/pay/x9WcVb3nM5kL8jH2gF4dS6aQ7wE1rT0yUiOpZxCvBnM`,
  status: "PENDING",
  amount: 1500,
  currency: "KES",
  paymentMethods: ["CARD", "MPESA_STK"],
  expiresAt: "2026-07-01T13:00:00.000Z",
  createdAt,
};

const sessionEvent = (type: string, status: string, failureReason: string | null) => ({
  id: ids.eventId,
  type,
  createdAt: updatedAt,
  sequence: type === "session.created" ? 1 : 2,
  data: { session: { ...session, status, failureReason } },
});

const testEvent = {
  id: ids.eventId,
  type: "webhook.test",
  createdAt,
  data: { message: "This is a test event. Its signature is made as for every other event." },
};

const delivery = {
  id: ids.deliveryId,
  eventId: ids.eventId,
  type: "webhook.test",
  sessionId: null,
  status: "DELIVERED",
  attemptCount: 1,
  nextAttemptAt: null,
  deliveredAt: "2026-07-01T12:00:00.142Z",
  createdAt,
  attempts: [
    {
      number: 1,
      startedAt: "2026-07-01T12:00:00.012Z",
      durationMs: 130,
      responseStatus: 200,
      error: null,
      timings: { dns: 4.1, connect: 18.7, tls: 41.2, wait: 65.9 },
      request: {
        headers: {
          "content-type": "application/json",
          "user-agent": "Kadosei-Webhooks/1",
          "webhook-id": ids.eventId,
          "webhook-timestamp": "1782907200",
          "webhook-signature": "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
        },
        body: JSON.stringify(testEvent),
      },
      response: { headers: { "content-type": "text/plain" }, body: "ok" },
    },
  ],
};

const recovery = {
  id: ids.recoveryId,
  status: "RUNNING",
  since: "2026-07-01T09:00:00.000Z",
  until: createdAt,
  includeDelivered: false,
  totalEvents: 214,
  examinedEvents: 0,
  queuedDeliveries: 0,
  deliveries: { pending: 0, delivered: 0, failed: 0, cancelled: 0 },
  createdAt,
  finishedAt: null,
} as const;

const decision = {
  id: ids.decisionId,
  sessionId: ids.sessionId,
  createdAt,
  mode: "test",
  paymentMethod: "card",
  currency: "AUD",
  amount: 140.76,
  chosen: { connectionId: ids.connectionId, provider: "stripe", score: 92.5 },
  explored: false,
  candidates: 1,
  exclusions: 0,
  configVersion: 1,
};

/** The numbers of the score's own example (routing.md §5). */
const factors = { successRate: 0.934, cost: 0.9969, speed: 0.994, availability: 0.999 };

const receipt = {
  segment: "card:AUD",
  configVersion: 1,
  weights: { margin: 1, cost: 1, speed: 1 },
  seed: ids.sessionId,
  rules: [],
  temperature: 0.25,
  candidates: [
    {
      connectionId: ids.connectionId,
      provider: "stripe",
      rank: 1,
      excluded: null,
      tier: 0,
      trial: false,
      score: 92.5,
      factors,
      alpha: 93.4,
      beta: 6.6,
      completion: 1,
      completionDrawn: 1,
      z: 0.21,
      theta: 0.9366,
      utility: 0.9128,
      feeShare: 0.0196,
      sampleSize: 60,
      newestOutcomeAgeS: 41.2,
    },
  ],
  explored: false,
};

const routingScores = {
  mode: "test",
  grain: "minute",
  from: createdAt,
  to: updatedAt,
  series: [
    {
      connectionId: ids.connectionId,
      provider: "stripe",
      segment: "card:AUD",
      points: [{ at: createdAt, score: 92.5, ...factors, chosen: 3 }],
    },
  ],
  outages: [{ connectionId: ids.connectionId, provider: "stripe", from: createdAt, to: updatedAt }],
  configChanges: [{ version: 2, at: createdAt, author: "Mara Okafor", note: "Fees count for more" }],
};
const routingSettings = {
  applicationId: ids.applicationId,
  mode: "live",
  version: 3,
  weights: { margin: 1, cost: 1.8, speed: 1 },
  rules: {
    pins: [{ key: "channel", value: "in_store", connectionId: ids.connectionId }],
    splits: [
      {
        paymentMethod: "card",
        currency: "EUR",
        shares: [
          { connectionId: ids.connectionId, percent: 80 },
          { connectionId: ids.otherConnectionId, percent: 20 },
        ],
      },
    ],
    priorities: [
      {
        paymentMethod: "card",
        currency: "USD",
        minAmount: "1000",
        connectionIds: [ids.connectionId, ids.otherConnectionId],
      },
    ],
    limits: [{ connectionId: ids.otherConnectionId, currency: "AUD", min: null, max: "5000" }],
    exclusions: [
      { connectionId: ids.otherConnectionId, paymentMethod: "card", currency: null, country: "US" },
    ],
  },
  note: "Lower fees matter more",
  author: { id: "01936e2b-5a4b-7c3d-8e2f-1a0b9c8d7e6f", name: "Mara Okafor" },
  createdAt,
};
const ofReplay = (decisions: number) => ({ decisions, share: decisions / 2874 });

export const examples = {
  login: {
    request: { email: "mara@shop.example", password: "correct horse battery staple" },
    response: tokens,
  },
  signUpMerchant: {
    request: {
      organization: { name: "Demo Outfitters", timeZone: "Africa/Nairobi" },
      admin: {
        email: "amina@outfitters.example",
        password: "maize kettle harbour violet",
        firstName: "Amina",
        lastName: "Odhiambo",
      },
    },
    response: {
      organization: { id: ids.merchantId, name: "Demo Outfitters", timeZone: "Africa/Nairobi" },
      admin: {
        id: ids.userId,
        email: "amina@outfitters.example",
        firstName: "Amina",
        lastName: "Odhiambo",
        role: "owner",
      },
    },
  },
  refresh: { request: { refreshToken: tokens.refreshToken }, response: tokens },
  listApplications: { response: onePage(application) },
  createApplication: { request: { name: "Web shop", description: "shop.example" }, response: application },
  getApplication: { response: application },
  updateApplication: {
    request: { isEnabled: false },
    response: { ...application, isEnabled: false },
  },
  listApiKeys: { response: onePage(listedApiKey) },
  createApiKey: {
    request: { description: "Production server", mode: "test" },
    response: createdApiKey,
  },
  rollApiKey: { request: { graceHours: 24 }, response: createdApiKey },
  listProviderConnections: { response: onePage(connection) },
  createProviderConnection: {
    request: {
      provider: "stripe",
      mode: "test",
      paymentMethods: ["card"],
      currencies: ["AUD", "NZD"],
      fees: [{ percent: "1.75", fixed: "0.30", currency: "AUD" }],
    },
    response: connection,
  },
  updateProviderConnection: {
    request: { isActive: false },
    response: { ...connection, isActive: false },
  },
  testProviderConnection: {
    response: {
      connectionId: ids.connectionId,
      status: "ok",
      message: "The simulator answered.",
      latencyMs: 12,
      testedAt: updatedAt,
    },
  },
  getRoutingSettings: { response: routingSettings },
  putRoutingSettings: {
    request: {
      version: 0,
      weights: { margin: 1, cost: 1.8, speed: 1 },
      rules: { pins: [], splits: [], priorities: [], limits: [], exclusions: [] },
      note: "Lower fees matter more",
    },
    response: routingSettings,
  },
  previewRoutingSettings: {
    request: { weights: { margin: 1, cost: 1.8, speed: 1 }, rules: {} },
    response: {
      from: "2026-06-24T12:00:00.000Z",
      to: createdAt,
      decisions: 2874,
      replayed: 2874,
      isSample: false,
      moved: { ...ofReplay(345), volumeShare: 0.12 },
      evidence: ofReplay(2310),
      unknown: ofReplay(219),
      estimate: ofReplay(345),
      unserved: { before: 0, after: 0 },
      successRate: { before: 0.921, after: 0.925, changePoints: 0.4, uncertaintyPoints: 0.3 },
      fees: { beforeBps: 193, afterBps: 190, changeBps: -3 },
      providers: [
        {
          connectionId: ids.connectionId,
          provider: "stripe",
          before: 1980,
          after: 1635,
          beforeShare: 0.689,
          afterShare: 0.569,
        },
        {
          connectionId: ids.otherConnectionId,
          provider: "kiotapay",
          before: 894,
          after: 1239,
          beforeShare: 0.311,
          afterShare: 0.431,
        },
      ],
      summary: "Would have moved 12 % of volume; expected +0.4 points, −3 bps fees.",
    },
  },
  listRoutingVersions: { response: onePage(routingSettings) },
  revertRoutingSettings: { request: { version: 0, to: 0 }, response: routingSettings },
  listWebhookEndpoints: { response: onePage(webhookEndpoint) },
  createWebhookEndpoint: {
    request: { url: "https://shop.example/webhooks/kadosei", mode: "test" },
    response: createdWebhookEndpoint,
  },
  getWebhookEndpoint: { response: webhookEndpoint },
  updateWebhookEndpoint: {
    request: { subscribedEvents: ["session.completed"] },
    response: { ...webhookEndpoint, subscribedEvents: ["session.completed"] },
  },
  rollWebhookSecret: { response: createdWebhookEndpoint },
  recoverWebhooks: {
    request: { since: "2026-07-01T09:00:00Z" },
    response: recovery,
  },
  getWebhookRecovery: {
    response: {
      ...recovery,
      status: "DONE",
      examinedEvents: 214,
      queuedDeliveries: 37,
      deliveries: { pending: 2, delivered: 35, failed: 0, cancelled: 0 },
      finishedAt: updatedAt,
    },
  },
  queuedDelivery: { response: { deliveryId: ids.deliveryId } },
  getRoutingScores: { response: routingScores },
  listRoutingDecisions: { response: onePage(decision) },
  getRoutingDecision: { response: { ...decision, receipt, isReproducible: true } },
  listWebhookDeliveries: { response: onePage(delivery) },
  listApiLogs: { response: onePage(apiLog) },
  getApiLog: {
    response: {
      ...apiLog,
      requestBody: null,
      responseBody: [{ paymentMethod: "card", currencies: ["AUD", "NZD"], countries: [] }],
    },
  },
  createSession: { request: exampleSessionBody(EXAMPLE_ORIGIN), response: createdSession },
  getSession: { response: session },
  listSessions: { response: onePage(session) },
  expireSession: { response: { ...session, status: "FAILED", failureReason: "expired" } },
  createCheckoutSession: {
    request: {
      amount: 1500,
      currency: "KES",
      description: "Payment for order #12345",
      successUrl: "https://shop.example/checkout/success",
      cancelUrl: "https://shop.example/checkout/cancelled",
      paymentMethods: ["CARD", "MPESA_STK"],
      externalReference: "12345",
      customerEmail: "jane.smith@example.com",
      customerPhone: "+254712345678",
    },
    response: checkoutSession,
  },
  getCheckoutSession: { response: checkoutSession },
  listPaymentMethods: {
    response: [{ paymentMethod: "card", currencies: ["AUD", "NZD"], countries: [] }],
  },
  providerWebhook: {
    request: { id: "evt_1", type: "checkout.paid" },
    response: { received: true },
  },
} as const;

/** A body of each type of event (api.md §6). */
export const eventExamples = {
  "session.created": sessionEvent("session.created", "PENDING", null),
  "session.completed": sessionEvent("session.completed", "SUCCEEDED", null),
  "session.failed": sessionEvent("session.failed", "FAILED", "card_declined"),
  "session.expired": sessionEvent("session.expired", "FAILED", "expired"),
  "webhook.test": testEvent,
} as const;
