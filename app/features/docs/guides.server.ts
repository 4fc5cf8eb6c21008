import { type Guide, readGuide } from "./markdown.server";

const sources = import.meta.glob<string>("../../../docs/guides/*.md", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** In the order in which somebody needs them. */
const order = ["create-a-payment", "webhooks", "errors", "idempotency", "testing", "go-live"];

let read: { origin: string; guides: Guide[] } | undefined;

/** Every file of docs/guides, read once; `origin` stands in their examples. */
export function readGuides(origin: string): Guide[] {
  if (read?.origin !== origin) read = { origin, guides: readAll(origin) };
  return read.guides;
}

function readAll(origin: string): Guide[] {
  const guides = Object.entries(sources).map(([path, source]) =>
    readGuide(path.split("/").at(-1)?.replace(".md", "") ?? "", source, origin),
  );
  const place = ({ slug }: Guide) => (order.includes(slug) ? order.indexOf(slug) : order.length);
  return guides.sort((a, b) => place(a) - place(b) || a.slug.localeCompare(b.slug));
}
