import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { Agent, buildConnector } from "undici";

/** A refusal to connect: `message` is shown to the merchant. */
export class ForbiddenAddress extends Error {}

/**
 * Why an endpoint's URL is not allowed, or null (api.md §4 and §6): https; http://localhost only in
 * test mode where the operator allows it.
 */
export function endpointUrlProblem(value: string, mode: "live" | "test", allowLocal: boolean): string | null {
  if (!URL.canParse(value)) return "must be an absolute https URL";
  const url = new URL(value);
  if (url.username !== "" || url.password !== "") return "must not carry a user name or password";
  if (isLocalUrl(url)) {
    return mode === "test" && allowLocal
      ? null
      : "must be https; http://localhost works in test mode only, where it is allowed";
  }
  if (url.protocol !== "https:") return "must be an absolute https URL";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0 && !isPublicAddress(host)) return "must not be a private or reserved address";
  return null;
}

function isLocalUrl(url: URL): boolean {
  return url.protocol === "http:" && (url.hostname === "localhost" || url.hostname === "127.0.0.1");
}

/** True for addresses of the open internet: not private, loopback, link-local, CGNAT, reserved, ULA, NAT64 or 6to4. */
export function isPublicAddress(address: string): boolean {
  // `process` turns v4-mapped v6 into v4, so ::ffff:127.0.0.1 is loopback.
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== "unicast") return false;
  // ipaddr.js calls whatever has no name unicast: ::127.0.0.1 too. The open internet's v6 is 2000::/3.
  return parsed.kind() === "ipv4" || (Number.parseInt(parsed.toNormalizedString(), 16) & 0xe000) === 0x2000;
}

/**
 * The dispatcher for one delivery. The name is resolved here, every address is checked, and the
 * connection goes to the address that was checked: a name that changes its answer gains nothing.
 */
export function deliveryAgent(value: string, allowLocal: boolean, timeoutMs: number): Agent {
  const isAllowedLocal = allowLocal && isLocalUrl(new URL(value));
  const connector = buildConnector({ timeout: timeoutMs });
  return new Agent({
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect(options, callback) {
      const host = options.hostname.replace(/^\[|\]$/g, "");
      lookup(host, { all: true })
        .then((found) => {
          const usable = isAllowedLocal ? found : found.filter(({ address }) => isPublicAddress(address));
          const [first] = usable;
          if (first === undefined || usable.length !== found.length) {
            throw new ForbiddenAddress(
              `${host} leads to a private or reserved address, which is never called`,
            );
          }
          connector(
            { ...options, hostname: first.address, servername: isIP(host) === 0 ? host : "" },
            callback,
          );
        })
        .catch((error: Error) => callback(error, null));
    },
  });
}
