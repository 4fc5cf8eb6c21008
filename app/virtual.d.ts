/** Made by Remix's Vite plugin; tests put tests/support/api-build.ts in its place. */
declare module "virtual:remix/server-build";

/** A file's text, by Vite. */
declare module "*?raw" {
  const text: string;
  export default text;
}
