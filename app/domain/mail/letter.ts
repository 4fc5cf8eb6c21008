import type { Mail } from "~/lib/mailer";

export interface Letter {
  to: string;
  subject: string;
  /** "Mara" */
  name: string;
  paragraphs: readonly string[];
  /** One thing to do; absolute. */
  action?: { label: string; url: string };
  /** Why this person gets it. */
  reason: string;
}

/** A letter as text and as plain HTML that needs no pictures: every mail of Kadosei looks like this. */
export function letter({ to, subject, name, paragraphs, action, reason }: Letter): Mail {
  const oneLine = subject.replace(/\s+/g, " ").trim();
  const text = [
    `Hello ${name},`,
    ...paragraphs,
    ...(action ? [`${action.label}: ${action.url}`] : []),
    "Kadosei",
    `-- \n${reason}`,
  ].join("\n\n");
  const paragraph = (body: string) => `<p style="margin:0 0 16px">${body}</p>`;
  const html = [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${inHtml(oneLine)}</title></head>`,
    `<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif;color:#1c2024">`,
    `<div style="max-width:560px">`,
    paragraph(`Hello ${inHtml(name)},`),
    ...paragraphs.map((one) => paragraph(inHtml(one))),
    ...(action
      ? [paragraph(`<a href="${inHtml(action.url)}" style="color:#3a4cc9">${inHtml(action.label)}</a>`)]
      : []),
    paragraph("Kadosei"),
    `<p style="margin:0;font-size:13px;color:#60646c">${inHtml(reason)}</p>`,
    "</div></body></html>",
  ].join("\n");
  return { to, subject: oneLine, text, html };
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const inHtml = (text: string) => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
