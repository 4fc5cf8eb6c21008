import type { ApiCall } from "~/domain/api-logs/api-log";
import { logRow } from "~/domain/api-logs/write-api-logs.server";
import { type SessionRow, sessionResource } from "~/domain/sessions/session.resource";
import type { ApiKey } from "./api-keys";
import { DAY } from "./calendar";
import type { BulkLoader } from "./loader";
import { createRandom } from "./random";

/** How far back the demo's API log goes: what is kept of it would be a tenth of the load's time. */
export const LOGS_KEPT = 7 * DAY;

export interface Create {
  merchantId: string;
  apiKey: ApiKey;
  requestId: string;
  /** Null: any will do. */
  key: string | null;
  createdMs: number;
  readyMs: number;
  status: number;
  body: object;
  answer: object;
  replayedMs: number | null;
  session: SessionRow;
}

/** The calls of the demo merchant's shops, written and redacted as those of a real one are. */
export class ApiLogRows {
  /** A stream of its own, so that the rest of the demo is the same with and without these rows. */
  private readonly random = createRandom(7);

  constructor(
    private readonly loader: BulkLoader,
    private readonly nowMs: number,
    private readonly appUrl: string,
  ) {}

  add(create: Create): void {
    const { random, nowMs } = this;
    const { createdMs, readyMs, session, requestId, body } = create;
    const idempotencyKey = create.key ?? random.uuid();
    const post = { method: "POST", route: "/api/v1/sessions", idempotencyKey, requestBody: body };
    // Now and then a shop's own arithmetic is wrong, and it tries again.
    if (random.chance(0.03)) {
      const code = "VALIDATION_FAILED";
      const message = ["amount.total does not match the sum of line items, shipping, and tax"];
      const failed = { id: random.uuid(), atMs: createdMs - random.between(400, 2_500) };
      const answer = { statusCode: 400, error: "Bad Request", message, code, requestId: failed.id };
      this.write(create, failed.atMs, random.between(2, 6), {
        ...post,
        requestId: failed.id,
        status: 400,
        answer,
      });
    }
    const { status, answer } = create;
    this.write(create, createdMs, readyMs - createdMs, { ...post, requestId, status, answer });
    if (create.replayedMs !== null) {
      const again = { ...post, requestId: random.uuid(), status, answer, isReplay: true };
      this.write(create, create.replayedMs, random.between(2, 7), again);
    }
    // The shop looks when its customer is back.
    const lookedMs = session.updatedAt.getTime() + random.between(300, 4_000);
    if (!random.chance(0.4) || lookedMs > nowMs) return;
    this.write(create, lookedMs, random.between(1, 5), {
      ...{ method: "GET", route: "/api/v1/sessions/:sessionId", path: `/api/v1/sessions/${session.id}` },
      ...{ requestId: random.uuid(), status: 200, answer: sessionResource(session), sessionId: session.id },
    });
  }

  private write(
    { merchantId, apiKey }: Create,
    atMs: number,
    durationMs: number,
    call: Pick<ApiCall, "method" | "route" | "requestId" | "status"> &
      Partial<Pick<ApiCall, "idempotencyKey" | "isReplay" | "sessionId">> & {
        path?: string;
        requestBody?: object;
        answer: object;
      },
  ): void {
    const { path, requestBody, answer, ...rest } = call;
    const row = logRow({
      ...{ merchantId, applicationId: apiKey.scope.applicationId, mode: apiKey.scope.mode, userId: null },
      ...{ apiKeyId: apiKey.id, keyPrefix: apiKey.prefix, ip: apiKey.ip, userAgent: "shop-checkout/2.4" },
      ...{ startedAt: atMs, durationMs, url: `${this.appUrl}${path ?? call.route}` },
      ...{ sessionId: null, idempotencyKey: null, isReplay: false, ...rest },
      requestBody: requestBody === undefined ? null : Buffer.from(JSON.stringify(requestBody)),
      responseBody: JSON.stringify(answer),
    });
    this.loader.add("api_request_logs", { ...row, id: this.random.id(atMs) });
  }
}
