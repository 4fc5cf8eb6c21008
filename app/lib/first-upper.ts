/** The text with its first letter large, as at the beginning of a title. */
export const firstUpper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
