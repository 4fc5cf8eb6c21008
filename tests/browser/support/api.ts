import { randomUUID } from "node:crypto";
import { type APIRequestContext, expect } from "@playwright/test";
import { exampleSessionBody } from "../../../app/contracts/example-session";
import { password } from "./people.mjs";

export interface CreatedSession {
  routing: { selectedProvider: string };
  sessionId: string;
  checkoutUrl: string;
}

/** What a merchant's own server and people do by API: for tests that start in the middle. */
export class Api {
  private constructor(
    private readonly request: APIRequestContext,
    private readonly token: string,
    readonly baseUrl: string,
  ) {}

  static async signIn(request: APIRequestContext, baseUrl: string, email: string): Promise<Api> {
    const reply = await request.post(`${baseUrl}/api/v1/auth/login`, { data: { email, password } });
    expect(reply.status(), await reply.text()).toBe(200);
    return new Api(request, (await reply.json()).accessToken, baseUrl);
  }

  async call(method: string, path: string, data?: unknown, token = this.token) {
    const reply = await this.request.fetch(`${this.baseUrl}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "idempotency-key": randomUUID() },
      ...(data === undefined ? {} : { data }),
    });
    return { status: reply.status(), body: reply.status() === 204 ? null : await reply.json() };
  }

  private async created(path: string, data: unknown, token?: string) {
    const { status, body } = await this.call("POST", path, data, token);
    expect(status, JSON.stringify(body)).toBe(201);
    return body;
  }

  /** Its id and a working test key. */
  async createApplication(name: string): Promise<{ id: string; key: string }> {
    const { id } = await this.created("/applications", { name });
    const { fullKey } = await this.created(`/applications/${id}/api-keys`, {
      description: "Tests",
      mode: "test",
    });
    return { id, key: fullKey };
  }

  async createEndpoint(applicationId: string, url: string): Promise<{ id: string; signingSecret: string }> {
    return this.created(`/applications/${applicationId}/webhooks`, { url, mode: "test" });
  }

  /** The documentation's example, with what is given in place of its own. */
  createSession(key: string, change: Record<string, unknown> = {}): Promise<CreatedSession> {
    const body = { ...exampleSessionBody(this.baseUrl), orderReference: `ORD-${randomUUID()}`, ...change };
    return this.created("/sessions", body, key);
  }

  async sessionStatus(key: string, sessionId: string): Promise<string> {
    return (await this.call("GET", `/sessions/${sessionId}`, undefined, key)).body.status;
  }

  /** Sends a plain form as the customer's browser would; where it leads. */
  private async submit(page: string, form: Record<string, string>): Promise<string> {
    const reply = await this.request.post(page, {
      form,
      maxRedirects: 0,
      headers: { origin: new URL(page).origin },
    });
    expect(reply.status(), page).toBe(302);
    return new URL(reply.headers().location!, page).href;
  }

  /** The simulated provider's page of a session. */
  continueToProvider({ checkoutUrl }: CreatedSession): Promise<string> {
    return this.submit(checkoutUrl, { intent: "continue" });
  }

  /** Pays with a card and waits until the session is final. */
  async pay(key: string, session: CreatedSession, cardNumber: string): Promise<void> {
    const provider = await this.continueToProvider(session);
    await this.submit(provider, { intent: "pay", cardNumber, expiry: "12/34", cvc: "123" });
    await expect.poll(() => this.sessionStatus(key, session.sessionId)).toMatch(/SUCCEEDED|FAILED/);
  }
}
