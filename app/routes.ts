import { index, layout, type RouteConfig, route } from "@remix-run/route-config";

export default [
  // Signed-in pages.
  route("sign-in", "routes/dashboard/sign-in.tsx"),
  route("sign-in/code", "routes/dashboard/sign-in-code.tsx"),
  route("forgot-password", "routes/dashboard/forgot-password.tsx"),
  route("reset-password", "routes/dashboard/reset-password.tsx"),
  route("invitation", "routes/dashboard/invitation.tsx"),
  route("confirm-email", "routes/dashboard/confirm-email.tsx"),
  route("sign-out", "routes/dashboard/sign-out.tsx"),
  route("theme", "routes/dashboard/theme.tsx"),
  // For Kadosei's staff.
  route("support", "routes/dashboard/support.tsx"),
  route("support/enter/:merchantId", "routes/dashboard/support-enter.tsx"),
  route("support/leave", "routes/dashboard/support-leave.tsx"),
  // One's own account: also for who is in no merchant's team.
  layout("routes/dashboard/account-layout.tsx", [
    route("account", "routes/dashboard/account.tsx"),
    route("account/security", "routes/dashboard/account-security.tsx"),
    route("account/two-factor", "routes/dashboard/account-two-factor.tsx"),
  ]),
  layout("routes/dashboard/layout.tsx", [
    index("routes/dashboard/home.tsx"),
    route("applications", "routes/dashboard/applications.tsx"),
    route("applications/new", "routes/dashboard/application-new.tsx"),
    route("applications/erase-customer", "routes/dashboard/erase-customer.tsx"),
    route("applications/:applicationId", "routes/dashboard/application.tsx"),
    route("notices", "routes/dashboard/notices.tsx"),
    route("team", "routes/dashboard/team.tsx"),
    route("audit-log", "routes/dashboard/audit-log.tsx"),
    route("audit-log/:lineId", "routes/dashboard/audit-line.tsx"),
    route("sessions/:sessionId", "routes/dashboard/session-link.tsx"),
    route("apps/:applicationId/:mode", "routes/dashboard/scope.tsx", [
      index("routes/dashboard/overview.tsx"),
      route("sessions", "routes/dashboard/sessions.tsx"),
      route("sessions/:sessionId", "routes/dashboard/session.tsx"),
      route("analytics", "routes/dashboard/analytics.tsx"),
      route("analytics.csv", "routes/dashboard/analytics-csv.ts"),
      route("routing", "routes/dashboard/routing.tsx"),
      route("routing/scores.csv", "routes/dashboard/routing-scores-csv.ts"),
      route("routing/decisions", "routes/dashboard/routing-decisions.tsx"),
      route("routing/decisions/:decisionId", "routes/dashboard/routing-decision.tsx"),
      route("routing/decisions/:decisionId/receipt.json", "routes/dashboard/routing-receipt-json.ts"),
      route("api-keys", "routes/dashboard/api-keys.tsx"),
      route("providers", "routes/dashboard/providers.tsx"),
      route("routing/rules", "routes/dashboard/routing-rules.tsx"),
      route("routing/what-if", "routes/dashboard/routing-what-if.tsx"),
      route("webhooks", "routes/dashboard/webhooks.tsx"),
      route("webhooks/:webhookId", "routes/dashboard/webhook.tsx"),
      route("developers/logs", "routes/dashboard/api-logs.tsx"),
      route("developers/logs/:logId", "routes/dashboard/api-log.tsx"),
      route("webhooks/:webhookId/drill", "routes/dashboard/webhook-drill.tsx"),
      route("webhooks/events/:eventId", "routes/dashboard/webhook-event.tsx"),
      route("*", "routes/dashboard/not-found.tsx"),
    ]),
  ]),

  // Outside the layouts: files, counts and streams, not pages.
  route("search", "routes/dashboard/search.ts"),
  route("applications/:applicationId/logo", "routes/dashboard/application-logo.ts"),
  route("apps/:applicationId/:mode/live", "routes/dashboard/live.ts"),
  route("audit-log/export", "routes/dashboard/audit-log-export.ts"),
  route("apps/:applicationId/:mode/sessions/export", "routes/dashboard/sessions-export.ts"),
  route("apps/:applicationId/:mode/sessions/newer", "routes/dashboard/sessions-newer.ts"),

  // The customer's pages: hosted checkout, and the simulator's provider page.
  route("logos/:applicationId/:digest", "routes/checkout/logo.ts"),
  route("pay/:token", "routes/checkout/pay.tsx"),
  route("pay/:token/return", "routes/checkout/return.tsx"),
  route("simulator/:provider/:checkoutId", "routes/checkout/simulator.tsx"),

  route("demo-shop/:result", "routes/checkout/demo-shop.tsx"),

  // For a provider's support desk, without a sign-in.
  route("share/:token", "routes/share/shared-session.tsx"),

  // For developers, with and without a sign-in.
  layout("routes/docs/layout.tsx", [
    route("docs", "routes/docs/start.tsx"),
    route("docs/guides/:guide", "routes/docs/guide.tsx"),
    route("docs/api/:operationId", "routes/docs/operation.tsx"),
    route("docs/events/:type", "routes/docs/event.tsx"),
  ]),

  route("dev/components", "routes/dev/components.tsx"),
  route("dev/mail", "routes/dev/mail.tsx"),

  // Everything else: a route of its own, because Remix does not hydrate a page that no route matches.
  route("*", "routes/not-found.tsx"),

  // The JSON API: resource routes only, each declared through http/api.server.ts.
  route("api/v1/auth/login", "routes/api/auth.login.ts"),
  route("api/v1/auth/refresh", "routes/api/auth.refresh.ts"),
  route("api/v1/merchants/signup", "routes/api/merchants.signup.ts"),
  route("api/v1/applications", "routes/api/applications.ts"),
  route("api/v1/applications/:applicationId", "routes/api/application.ts"),
  route("api/v1/applications/:applicationId/api-keys", "routes/api/api-keys.ts"),
  route("api/v1/applications/:applicationId/api-keys/:keyId", "routes/api/api-key.ts"),
  route("api/v1/applications/:applicationId/api-keys/:keyId/roll", "routes/api/api-key-roll.ts"),
  route("api/v1/applications/:applicationId/api-logs", "routes/api/api-logs.ts"),
  route("api/v1/applications/:applicationId/api-logs/:logId", "routes/api/api-log.ts"),
  route("api/v1/applications/:applicationId/providers", "routes/api/providers.ts"),
  route("api/v1/applications/:applicationId/providers/:connectionId", "routes/api/provider.ts"),
  route("api/v1/applications/:applicationId/providers/:connectionId/test", "routes/api/provider-test.ts"),
  route("api/v1/applications/:applicationId/routing", "routes/api/routing.ts"),
  route("api/v1/applications/:applicationId/routing/preview", "routes/api/routing-preview.ts"),
  route("api/v1/applications/:applicationId/routing/versions", "routes/api/routing-versions.ts"),
  route("api/v1/applications/:applicationId/routing/revert", "routes/api/routing-revert.ts"),
  route("api/v1/applications/:applicationId/webhooks", "routes/api/webhooks.ts"),
  route("api/v1/applications/:applicationId/webhooks/:webhookId", "routes/api/webhook.ts"),
  route(
    "api/v1/applications/:applicationId/webhooks/:webhookId/deliveries",
    "routes/api/webhook-deliveries.ts",
  ),
  route(
    "api/v1/applications/:applicationId/webhooks/:webhookId/deliveries/:deliveryId/retry",
    "routes/api/webhook-delivery-retry.ts",
  ),
  route("api/v1/applications/:applicationId/webhooks/:webhookId/test", "routes/api/webhook-test.ts"),
  route(
    "api/v1/applications/:applicationId/webhooks/:webhookId/roll-secret",
    "routes/api/webhook-roll-secret.ts",
  ),
  route("api/v1/applications/:applicationId/webhooks/:webhookId/recover", "routes/api/webhook-recover.ts"),
  route(
    "api/v1/applications/:applicationId/webhooks/:webhookId/recoveries/:recoveryId",
    "routes/api/webhook-recovery.ts",
  ),
  route("api/v1/applications/:applicationId/routing/scores", "routes/api/routing-scores.ts"),
  route("api/v1/applications/:applicationId/routing/decisions", "routes/api/routing-decisions.ts"),
  route("api/v1/applications/:applicationId/routing/decisions/:decisionId", "routes/api/routing-decision.ts"),
  route("api/v1/openapi.json", "routes/api/openapi.ts"),
  route("api/v1/sessions", "routes/api/sessions.ts"),
  route("api/v1/sessions/:sessionId", "routes/api/session.ts"),
  route("api/v1/sessions/:sessionId/expire", "routes/api/session-expire.ts"),
  route("api/v1/checkout-sessions", "routes/api/checkout-sessions.ts"),
  route("api/v1/checkout-sessions/:sessionId", "routes/api/checkout-session.ts"),
  route("api/sandbox/v1/checkout-sessions", "routes/api/sandbox.checkout-sessions.ts"),
  route("api/sandbox/v1/checkout-sessions/:sessionId", "routes/api/sandbox.checkout-session.ts"),
  route("api/v1/payment-methods", "routes/api/payment-methods.ts"),
  route("api/v1/providers/:provider/webhooks/:connectionId", "routes/api/provider-webhook.ts"),
] satisfies RouteConfig;
