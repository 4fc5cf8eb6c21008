import type { LookupAddress } from "node:dns";
import { lookup, Resolver } from "node:dns/promises";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

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

/** The addresses of a host, in the order in which they are tried. */
export type Resolve = (host: string) => Promise<LookupAddress[]>;

/**
 * Asks the name servers directly, so that a name whose servers do not answer holds up nobody else: the
 * system's own look-up has four places in the whole process. Names that only the system knows (/etc/hosts)
 * are asked there afterwards.
 */
export function createResolve(): Resolve {
  const resolver = new Resolver({ timeout: 2_500, tries: 2 });
  return async (host) => {
    if (host === "localhost") {
      return [
        { address: "127.0.0.1", family: 4 },
        { address: "::1", family: 6 },
      ];
    }
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const found = [
      ...(v4.status === "fulfilled" ? v4.value.map((address) => ({ address, family: 4 })) : []),
      ...(v6.status === "fulfilled" ? v6.value.map((address) => ({ address, family: 6 })) : []),
    ];
    if (found.length > 0) return found;
    if (v4.status === "rejected" && v4.reason?.code === "ETIMEOUT") throw v4.reason;
    return lookup(host, { all: true });
  };
}

/**
 * The addresses that a call to `url` may connect to: resolved here, every one checked. The caller connects to
 * one of them and to nothing else, so that a name that changes its answer gains nothing.
 * @param allowLocal whether http://localhost may be called; it then leads to loopback addresses only.
 * @throws ForbiddenAddress when any of them is not of the open internet.
 */
export async function allowedAddresses(
  url: URL,
  allowLocal: boolean,
  resolve: Resolve,
): Promise<[LookupAddress, ...LookupAddress[]]> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const family = isIP(host);
  const found = family === 0 ? await resolve(host) : [{ address: host, family }];
  const isAllowed = allowLocal && isLocalUrl(url) ? isLoopback : isPublicAddress;
  const [first, ...others] = found;
  if (first === undefined || !found.every(({ address }) => isAllowed(address))) {
    throw new ForbiddenAddress(`${host} leads to a private or reserved address, which is never called`);
  }
  return [first, ...others];
}

function isLoopback(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "loopback";
}

/** Whether a connection that stands leads where the check allowed: the last look, at the socket itself. */
export function isConnectedTo(allowed: readonly LookupAddress[], remoteAddress: string | undefined): boolean {
  if (remoteAddress === undefined || !ipaddr.isValid(remoteAddress)) return false;
  const remote = ipaddr.process(remoteAddress).toNormalizedString();
  return allowed.some(({ address }) => ipaddr.process(address).toNormalizedString() === remote);
}
