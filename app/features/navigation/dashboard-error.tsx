import { laterPart } from "~/components/ui/later-part";

/** A page that failed or is not there, inside the frame. */
export const DashboardError = laterPart(() =>
  import("./dashboard-error-page").then((all) => all.DashboardErrorPage),
);
