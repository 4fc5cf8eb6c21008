import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sendMail } from "~/domain/mail/send-mail.server";
import { mailNotices } from "~/domain/notices/mail-notices.server";
import { raiseNotices } from "~/domain/notices/raise-notices.server";
import { newId } from "~/lib/ids";
import { createMailer } from "~/lib/mailer.server";
import { silentLog } from "../../support/app";
import { resetDatabase } from "../../support/database";
import { createApiKey, createShop, createUser } from "../../support/factories";
import { type TestServices, testServices } from "../../support/services";

const DAY = 24 * 60 * 60_000;
let services: TestServices;
beforeEach(async () => {
  services = await testServices();
  await resetDatabase(services.db);
});

const inDays = (days: number) => new Date(services.clock.now().getTime() + days * DAY);
const notices = () => services.db.prisma.notice.findMany({ orderBy: { createdAt: "asc" } });
/** Raises, mails, and runs the mails' jobs, as the sweep and the queue do. */
async function run(): Promise<void> {
  await raiseNotices(services);
  await mailNotices(services);
  for (const { name, data } of services.enqueued.splice(0)) {
    if (name === "send-mail") await sendMail(data as { sealed: string }, services);
  }
}
const mails = () => services.mailer.kept ?? [];

async function liveConnection(shop: Awaited<ReturnType<typeof createShop>>): Promise<string> {
  const { db } = services;
  const connection = await db.prisma.providerConnection.findFirstOrThrow({
    where: { applicationId: shop.application.id },
  });
  await db.query("update provider_connections set mode = 'live' where id = $1", [connection.id]);
  return connection.id;
}

async function open(connectionId: string, merchantId: string, openedAt: Date): Promise<void> {
  await services.db.query(
    `insert into connection_health (connection_id, merchant_id, breaker, opened_at, at) values ($1, $2, 'OPEN', $3, $3)
     on conflict (connection_id) do update set breaker = 'OPEN', opened_at = $3`,
    [connectionId, merchantId, openedAt],
  );
}

describe("an expiring key", () => {
  it("is told of seven days before its end, once", async () => {
    const { owner, application } = await createShop(services);
    const expiresAt = inDays(30);
    await createApiKey(services, owner.actor, {
      applicationId: application.id,
      expiresAt,
      description: "Nightly",
    });
    await run();
    expect(await notices()).toEqual([]);
    services.clock.set(new Date(expiresAt.getTime() - 7 * DAY + 1_000));
    await run();
    await run();
    expect((await notices()).map(({ kind }) => kind)).toEqual(["key_expiring"]);
    expect(mails()).toHaveLength(1);
    expect(mails()[0]).toMatchObject({ to: owner.email });
    expect(mails()[0]?.text).toContain("“Nightly”");
    expect(mails()[0]?.text).toContain(`${services.config.appUrl}/apps/${application.id}/test/api-keys`);
  });

  it("is not when it was made for a few days, or revoked, or rolled", async () => {
    const { owner, application } = await createShop(services);
    const make = () =>
      createApiKey(services, owner.actor, { applicationId: application.id, expiresAt: inDays(20) });
    await createApiKey(services, owner.actor, { applicationId: application.id, expiresAt: inDays(16) });
    const [revoked, rolled] = [await make(), await make()];
    const { prisma } = services.db;
    await prisma.apiKey.update({ where: { id: revoked.apiKey.id }, data: { revokedAt: inDays(0) } });
    await prisma.apiKey.update({ where: { id: rolled.apiKey.id }, data: { rolledToId: newId() } });
    await prisma.apiKey.updateMany({ where: { expiresAt: inDays(16) }, data: { createdAt: inDays(10) } });
    services.clock.set(inDays(15));
    await run();
    expect(await notices()).toEqual([]);
  });
});

describe("a provider that is down", () => {
  it("is told of after some minutes, once for each time that it is", async () => {
    const shop = await createShop(services);
    const connectionId = await liveConnection(shop);
    await open(connectionId, shop.merchant.id, services.clock.now());
    await run();
    expect(await notices()).toEqual([]);
    services.clock.advance(6 * 60_000);
    await run();
    await run();
    expect((await notices()).map(({ kind }) => kind)).toEqual(["provider_down"]);
    await open(connectionId, shop.merchant.id, services.clock.now());
    services.clock.advance(6 * 60_000);
    await run();
    expect(await notices()).toHaveLength(2);
    expect(mails()).toHaveLength(2);
  });

  it("is not in test mode, where somebody wants it so", async () => {
    const shop = await createShop(services);
    const { id } = await services.db.prisma.providerConnection.findFirstOrThrow({
      where: { applicationId: shop.application.id },
    });
    await open(id, shop.merchant.id, inDays(-1));
    await run();
    expect(await notices()).toEqual([]);
  });
});

describe("a notice", () => {
  const write = (merchantId: string, values: { userId?: string; createdAt?: Date; body?: string } = {}) =>
    services.db.prisma.notice.create({
      data: {
        id: newId(),
        merchantId,
        kind: "endpoint_deactivated",
        title: "A webhook endpoint was turned off",
        body: "https://shop.example/hooks answered 410 Gone.",
        createdAt: services.clock.now(),
        ...values,
      },
    });

  it("goes to the owners, admins and developers of its own merchant, each once", async () => {
    const { merchant, owner } = await createShop(services);
    const other = await createShop(services);
    const developer = await createUser(services, { merchantId: merchant.id, role: "developer" });
    await createUser(services, { merchantId: merchant.id, role: "viewer" });
    const gone = await createUser(services, { merchantId: merchant.id, role: "admin" });
    await services.db.prisma.user.update({ where: { id: gone.id }, data: { disabledAt: new Date() } });
    await write(merchant.id);
    await run();
    await run();
    expect(
      mails()
        .map(({ to }) => to)
        .sort(),
    ).toEqual([developer.email, owner.email].sort());
    expect(mails().map(({ to }) => to)).not.toContain(other.owner.email);
  });

  it("for one person goes to that person", async () => {
    const { merchant } = await createShop(services);
    const viewer = await createUser(services, { merchantId: merchant.id, role: "viewer" });
    await write(merchant.id, { userId: viewer.id });
    await run();
    expect(mails().map(({ to }) => to)).toEqual([viewer.email]);
  });

  it("of before yesterday is not news", async () => {
    const { merchant } = await createShop(services);
    await write(merchant.id, { createdAt: inDays(-2) });
    await run();
    expect(mails()).toEqual([]);
  });

  it("waits in the queue without a name, an address or a word of it in the clear", async () => {
    const { merchant, owner } = await createShop(services);
    await write(merchant.id, { body: "hunter2" });
    await mailNotices(services);
    const [job] = services.enqueued;
    expect(job?.name).toBe("send-mail");
    const kept = JSON.stringify(job);
    for (const hidden of [owner.email, "Mara", "hunter2"]) expect(kept).not.toContain(hidden);
  });

  it("is text and HTML, and no markup of others gets in", async () => {
    const { merchant } = await createShop(services);
    await services.db.prisma.merchant.update({
      where: { id: merchant.id },
      data: { name: 'Shop\r\nBcc: everyone@example.com <b>"&' },
    });
    await write(merchant.id, { body: "<script>alert(1)</script>" });
    await run();
    const [mail] = mails();
    expect(mail?.subject).not.toMatch(/[\r\n]/);
    expect(mail?.html).not.toContain("<script>");
    expect(mail?.html).not.toContain("<b>");
    expect(mail?.text).toContain("<script>alert(1)</script>");
  });
});

describe("the mailer", () => {
  let server: Server;
  const received: string[] = [];
  let answer = "250 ok";

  /** As much of SMTP as a client needs. */
  function serve(socket: Socket): void {
    let inData = false;
    let message = "";
    const say = (line: string) => socket.write(`${line}\r\n`);
    say("220 test ESMTP");
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      for (const line of chunk.toString().split("\r\n")) {
        if (inData) {
          if (line !== ".") message += `${line}\n`;
          else {
            inData = false;
            if (answer.startsWith("250")) received.push(message);
            message = "";
            say(answer);
          }
        } else if (/^(EHLO|HELO|MAIL|RCPT|RSET)/i.test(line)) say("250 ok");
        else if (/^DATA/i.test(line)) {
          inData = true;
          say("354 go on");
        } else if (/^QUIT/i.test(line)) socket.end("221 bye\r\n");
      }
    });
  }

  beforeAll(async () => {
    server = createServer(serve);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const mailer = () =>
    createMailer(
      {
        smtpUrl: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
        from: "Kadosei <no-reply@pay.example.com>",
        keep: true,
      },
      silentLog,
    );
  const mail = { to: "mara@example.com", subject: "Grüße", text: "plain words", html: "<p>marked words</p>" };

  it("sends through SMTP, as text and HTML", async () => {
    await mailer().send(mail);
    const [message = ""] = received;
    expect(message).toMatch(/^From: Kadosei <no-reply@pay\.example\.com>$/m);
    expect(message).toMatch(/^To: mara@example\.com$/m);
    expect(message).toContain("Auto-Submitted: auto-generated");
    expect(message).toContain("plain words");
    expect(message).toContain("<p>marked words</p>");
  });

  it("fails when the server does not take it, so that the job tries again", async () => {
    answer = "451 try again later";
    await expect(mailer().send(mail)).rejects.toThrow("451");
    answer = "250 ok";
  });

  it("without a server logs it, with secrets masked and the address too", async () => {
    const before = services.logged.length;
    const secret = `${services.config.appUrl}/invitation?token=hunter2hunter2`;
    await services.mailer.send({ ...mail, text: secret });
    const line = services.logged[before];
    expect(line?.message).toContain("SMTP_URL is not set");
    expect(JSON.stringify(line?.fields)).not.toContain("mara@");
    expect(services.mailer.kept?.[0]?.text).toBe(secret);
  });
});
