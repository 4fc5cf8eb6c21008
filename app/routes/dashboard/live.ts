import type { LoaderFunctionArgs } from "@remix-run/node";
import { requireScope } from "~/http/require-user.server";

/** Pages look by themselves this often, whatever they are told: a change may come from another instance. */
const LOOK_EVERY_MS = 15_000;
/** Then the browser connects anew, and who has signed out meanwhile is not let in. */
const LONGEST_MS = 5 * 60_000;

/** Server-sent events "changed" for the pages of an application and mode (domain/live). */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { application, mode, services } = await requireScope(request, params);
  const encoder = new TextEncoder();
  let end = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      let isOver = false;
      const send = (text: string) => {
        if (!isOver) controller.enqueue(encoder.encode(text));
      };
      const tell = () => send("event: changed\ndata: {}\n\n");
      end = () => {
        if (isOver) return;
        isOver = true;
        clearInterval(looks);
        clearTimeout(last);
        unwatch();
        try {
          controller.close();
        } catch {
          // The browser was faster.
        }
      };
      const unwatch = services.live.watch({ applicationId: application.id, mode }, tell, () => end());
      const looks = setInterval(tell, LOOK_EVERY_MS);
      looks.unref();
      const last = setTimeout(() => end(), LONGEST_MS);
      last.unref();
      request.signal.addEventListener("abort", () => end());
      send("retry: 3000\n\n");
    },
    cancel: () => end(),
  });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    },
  });
}
