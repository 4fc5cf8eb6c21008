import { Callout } from "./callout";

/** What is said where the code of something that was to open is gone, as after a new version was started. */
export const NOT_LOADED = {
  title: "This could not be loaded. Reload the page, and try again.",
  tone: "danger",
} as const;

/** The same in the place of what was to be there. */
export function NotLoaded({ className }: { className?: string }) {
  return <Callout role="alert" className={className} {...NOT_LOADED} />;
}
