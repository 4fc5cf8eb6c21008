const NEWLINE = 10;
/** Parts are handed over to the browser, which may keep them on disk: a file of any size fits. */
const PART_BYTES = 8 * 1024 * 1024;

/** Fetches an export, saying how many rows have come; saved when it is whole, and rejected when it does not become so. */
export async function saveExport(
  href: string,
  signal: AbortSignal,
  onRows: (rows: number) => void,
): Promise<void> {
  const reply = await fetch(href, { signal });
  if (!reply.ok || reply.redirected || reply.body === null) throw new Error("not the file");
  const file = await collect(reply.body, onRows);
  const name = /filename="([^"]+)"/.exec(reply.headers.get("content-disposition") ?? "")?.[1];
  save(file, name ?? "sessions");
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
