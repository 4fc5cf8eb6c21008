export const INSTALL_CHROMIUM: string;
export function chromiumOptions(): Promise<{ executablePath: string; args: string[] } | undefined>;
