import { describe, expect, it } from "vitest";
import { nextWaitMs } from "~/domain/webhooks/retry-schedule";
import { endpointUrlProblem, isPublicAddress } from "~/domain/webhooks/webhook-address.server";

describe("isPublicAddress", () => {
  it.each([
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "fe80::1",
    "fc00::1",
    "fd12:3456::1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::1",
    "ff02::1",
    "::7f00:1",
    "::ffff:0:7f00:1",
    "4000::1",
    "fec0::1",
    "2001::1",
    "2001:db8::1",
    "198.18.0.1",
    "192.0.0.1",
  ])("refuses %s", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111"])("allows %s", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe("endpointUrlProblem", () => {
  it("wants https, without a password, to a public address", () => {
    expect(endpointUrlProblem("https://shop.example.com/hooks", "live", false)).toBeNull();
    // The URL parser turns these into dotted form first.
    for (const url of [
      "https://127.0.0.1/",
      "https://2130706433/",
      "https://0x7f.1/",
      "https://0177.0.0.1/",
      "https://[::1]/",
      "https://[::ffff:7f00:1]/",
      "https://169.254.169.254/",
    ]) {
      expect(endpointUrlProblem(url, "live", true), url).not.toBeNull();
    }
    for (const url of [
      "http://shop.example.com/",
      "ftp://shop.example.com/",
      "https://u:p@shop.example.com/",
      "nonsense",
    ]) {
      expect(endpointUrlProblem(url, "test", true), url).not.toBeNull();
    }
  });

  it("allows http://localhost in test mode only, where the operator allows it", () => {
    expect(endpointUrlProblem("http://localhost:4000/hooks", "test", true)).toBeNull();
    expect(endpointUrlProblem("http://localhost:4000/hooks", "test", false)).not.toBeNull();
    expect(endpointUrlProblem("http://localhost:4000/hooks", "live", true)).not.toBeNull();
  });
});

describe("nextWaitMs", () => {
  it("follows api.md §6 within 10 %, and ends", () => {
    const exact = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400].map((s) => s * 1000);
    expect(exact.map((_, n) => nextWaitMs(n + 1, 0.5))).toEqual(exact);
    expect(nextWaitMs(1, 0)).toBe(4_500);
    expect(nextWaitMs(1, 0.999999)).toBeLessThanOrEqual(5_500);
    expect(nextWaitMs(10, 0.5)).toBeNull();
  });
});
