import { useNavigation } from "@remix-run/react";

/** A 2 px bar at the top while a page loads or a form is sent; shown after 150 ms (see app.css). */
export function NavigationProgress() {
  const navigation = useNavigation();
  if (navigation.state === "idle") return null;
  return (
    <div
      key={navigation.location.key}
      role="progressbar"
      aria-label="Loading"
      className="pointer-events-none fixed inset-x-0 top-0 z-70 h-0.5 animate-pending bg-accent-solid"
    />
  );
}
