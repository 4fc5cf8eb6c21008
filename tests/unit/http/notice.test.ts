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
