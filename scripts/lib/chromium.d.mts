export const INSTALL_CHROMIUM: string;
export function chromiumOptions(which?: {
  shell?: boolean;
}): Promise<{ executablePath: string; args: string[] } | undefined>;
