/** One rule: `quota` calls in `windowSeconds`, under the name that its headers have. */
export interface RateLimitPolicy {
  name: string;
  quota: number;
  windowSeconds: number;
}

/**
 * `RateLimit-Policy` and `RateLimit` in the form of draft-ietf-httpapi-ratelimit-headers-10: quota and window, then
 * what is left and the whole seconds until there is more.
 */
export function rateLimitHeaders(
  { name, quota, windowSeconds }: RateLimitPolicy,
  state: { remaining: number; msBeforeReset: number },
): Record<string, string> {
  const seconds = Math.max(0, Math.ceil(state.msBeforeReset / 1000));
  return {
    "ratelimit-policy": `"${name}";q=${quota};w=${windowSeconds}`,
    ratelimit: `"${name}";r=${Math.max(0, state.remaining)};t=${seconds}`,
  };
}
