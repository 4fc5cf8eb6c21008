/**
 * Whether the development pages (`/dev/*`) answer: in development, or where `DEV_PAGES=1` asks for
 * them (browser tests of a production build). Everywhere else they are a 404.
 */
export function devPagesAllowed(env: NodeJS.ProcessEnv): boolean {
  return env.NODE_ENV === "development" || env.DEV_PAGES === "1";
}
