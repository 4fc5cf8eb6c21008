/** Days that a new key can live. */
export const lifetimes = ["never", "7", "30", "90", "365"] as const;

/** Hours, as text, that a rolled key can go on working. */
export const graces = ["0", "1", "24", "72", "168"] as const;
