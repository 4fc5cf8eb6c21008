/**
 * Zod checks once whether it may make code from text, to be faster; our Content-Security-Policy says no, and each
 * such try would be reported as a violation. In the browser Zod is therefore told before a schema is made: import
 * this first in root, which every page loads before its own modules. The server keeps the fast way.
 */
const shared = globalThis as { __zod_globalConfig?: { jitless?: boolean } };

if (typeof document !== "undefined") {
  shared.__zod_globalConfig ??= {};
  shared.__zod_globalConfig.jitless = true;
}

export {};
