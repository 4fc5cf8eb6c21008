import { useEffect, useRef, useState } from "react";

/** How far a file has come: rows of `total`; null when none is on its way. */
type ExportState = { rows: number } | "failed" | null;

export type Export = { state: ExportState; start: (href: string) => void; cancel: () => void };

/** Fetches an export and counts its rows as they come; the file is saved when it is whole. */
export function useExport(): Export {
  const [state, setState] = useState<ExportState>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const start = async (href: string) => {
    const controller = new AbortController();
    running.current?.abort();
    running.current = controller;
    setState({ rows: 0 });
    try {
      const { saveExport } = await import("./save-export");
      await saveExport(href, controller.signal, (rows) => setState({ rows }));
      setState(null);
    } catch {
      if (running.current === controller) setState(controller.signal.aborted ? null : "failed");
    }
  };
  const cancel = () => running.current?.abort();
  return { state, start: (href) => void start(href), cancel };
}
