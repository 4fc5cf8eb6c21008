import type { Origin } from "~/domain/actor";
import type { Services } from "~/domain/services";

const types = { csv: "text/csv; charset=utf-8", json: "application/json; charset=utf-8" } as const;

/** A download that is sent as it is read. `name` is a plain file name. */
export function streamedFile(
  text: AsyncGenerator<string>,
  { name, format }: { name: string; format: keyof typeof types },
  { requestId }: Origin,
  { log }: Pick<Services, "log">,
): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await text.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch (error) {
        // The download breaks off, which a browser shows; half a file must not look like a whole one.
        log.error({ err: error, requestId }, "an export broke off");
        controller.error(error);
      }
    },
    async cancel() {
      await text.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      "content-type": types[format],
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
    },
  });
}
