import { expect, test } from "vitest";
import { redirectWithNotice, takeNotice } from "~/http/notice.server";

const requestWith = (cookie: string) => new Request("http://localhost/", { headers: { cookie } });

test("a notice is there for one page, and the page takes it away", () => {
  const response = redirectWithNotice("/next", "Café; ready");
  const cookie = response.headers.get("set-cookie")?.split(";")[0] ?? "";
  expect(response.headers.get("location")).toBe("/next");
  const taken = takeNotice(requestWith(`theme=dark; ${cookie}`));
  expect(taken.notice).toMatchObject({ text: "Café; ready" });
  expect(taken.setCookie).toContain("Max-Age=0");
});

test("a cookie that is no notice is dropped, and none is nothing", () => {
  expect(takeNotice(requestWith("notice=%7B%22id%22"))).toMatchObject({ notice: null });
  expect(takeNotice(requestWith("notice=%"))).toMatchObject({ notice: null });
  expect(takeNotice(new Request("http://localhost/"))).toEqual({ notice: null, setCookie: null });
});

test("what can be taken back says how; a cookie that names anything else names nothing", () => {
  const undo = {
    path: "/apps/x/test/sessions",
    intent: "view-restore",
    id: "00000000-0000-7000-8000-000000000001",
  };
  const { headers } = redirectWithNotice("/next", "View deleted", undo);
  expect(takeNotice(requestWith(headers.get("set-cookie") ?? "")).notice).toMatchObject({ undo });
  const others = [
    { ...undo, path: "//elsewhere.example" },
    { ...undo, path: "https://elsewhere.example" },
    { ...undo, path: "/\\elsewhere.example" },
    { ...undo, intent: "view-delete" },
    { ...undo, id: "1" },
    { ...undo, id: undefined },
    "text",
  ];
  for (const other of others) {
    const cookie = encodeURIComponent(JSON.stringify({ id: "1", text: "Done", undo: other }));
    expect(takeNotice(requestWith(`notice=${cookie}`)).notice).toMatchObject({ text: "Done", undo: null });
  }
});
