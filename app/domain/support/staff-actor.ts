import type { Origin } from "~/domain/actor";

/** One of Kadosei's own support staff, outside or on a visit. `userSessionId` is the browser's. */
export interface StaffActor extends Origin {
  kind: "user";
  role: "staff";
  userId: string;
  label: string;
  userSessionId: string;
}
