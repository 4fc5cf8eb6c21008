/** Parameters of the question that is asked about chosen sessions. */
export const ASK = "ask";
export const ID = "id";

/** "3 sessions". */
export const countOf = (count: number) => `${count} ${count === 1 ? "session" : "sessions"}`;
