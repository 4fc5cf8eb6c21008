import { useEffect, useRef, useState } from "react";

/** How far a file has come: rows of `total`; null when none is on its way. */
export type ExportState = { rows: number } | "failed" | null;

const NEWLINE = 10;
/** Parts are handed over to the browser, which may keep them on disk: a file of any size fits. */
const PART_BYTES = 8 * 1024 * 1024;

/** Fetches an export and counts its rows as they come; the file is saved when it is whole. */
export function useExport(): { state: ExportState; start: (href: string) => void; cancel: () => void } {
  const [state, setState] = useState<ExportState>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const start = async (href: string) => {
    const controller = new AbortController();
    running.current?.abort();
    running.current = controller;
    setState({ rows: 0 });
    try {
      const reply = await fetch(href, { signal: controller.signal });
      if (!reply.ok || reply.redirected || reply.body === null) throw new Error("not the file");
      const file = await collect(reply.body, (rows) => setState({ rows }));
      save(
        file,
        /filename="([^"]+)"/.exec(reply.headers.get("content-disposition") ?? "")?.[1] ?? "sessions",
      );
      setState(null);
    } catch {
      if (running.current === controller) setState(controller.signal.aborted ? null : "failed");
    }
  };
  const cancel = () => running.current?.abort();
  return { state, start: (href) => void start(href), cancel };
}

async function collect(body: ReadableStream<Uint8Array>, onRows: (rows: number) => void): Promise<Blob> {
  const parts: Blob[] = [];
  let chunks: Uint8Array[] = [];
  let [bytes, lines] = [0, 0];
  const reader = body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    chunks.push(next.value);
    bytes += next.value.length;
    for (const byte of next.value) if (byte === NEWLINE) lines += 1;
    // The first line is the head, in both formats.
    onRows(Math.max(0, lines - 1));
    if (bytes < PART_BYTES) continue;
    parts.push(new Blob(chunks as BlobPart[]));
    chunks = [];
    bytes = 0;
  }
  return new Blob([...parts, ...(chunks as BlobPart[])]);
}

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the file by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
