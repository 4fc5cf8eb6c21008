import { marked, type Token, type Tokens } from "marked";
import { type SampleCall, samplesOf } from "./samples";

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "strong" | "em"; children: Inline[] }
  | { kind: "link"; href: string; children: Inline[] };

export interface CodeTab {
  title: string;
  code: string;
}

/** A guide as its page draws it. */
export type Block =
  | { kind: "heading"; level: number; id: string; text: string }
  | { kind: "paragraph"; children: Inline[] }
  | { kind: "list"; isOrdered: boolean; items: Inline[][] }
  | { kind: "table"; head: Inline[][]; rows: Inline[][][] }
  /** One block of code, or the same in several languages. */
  | { kind: "code"; tabs: CodeTab[] }
  /** `<!-- name -->`: a table that the page fills from the catalogue of that name. */
  | { kind: "catalogue"; name: string };

export interface Guide {
  slug: string;
  title: string;
  summary: string;
  blocks: Block[];
  /** The calls of its ```http blocks, in order, with the status that each shows (the first of its line; 2xx when there is none). */
  calls: { call: SampleCall; status: number | null }[];
  /** Code with a word after its language, such as ```json 201 or ```python verify: tests hold it against what is true. */
  noted: { language: string; note: string; code: string; afterCall: number }[];
}

const languageNames: Record<string, string> = {
  json: "JSON",
  javascript: "JavaScript",
  python: "Python",
  go: "Go",
  ruby: "Ruby",
  sh: "Shell",
};

/** Reads a guide: a title, a sentence about it, then the rest. @throws Error for what a page could not draw. */
export function readGuide(slug: string, source: string, origin: string): Guide {
  const [title, summary, ...rest] = marked
    .lexer(source.replaceAll("https://kadosei.example", origin))
    .filter(({ type }) => type !== "space");
  if (title?.type !== "heading" || summary?.type !== "paragraph") {
    throw new Error(`docs/guides/${slug}.md: begin with a title and a sentence`);
  }
  const guide: Guide = {
    slug,
    title: title.text,
    summary: summary.text,
    blocks: [],
    calls: [],
    noted: [],
  };
  for (const token of rest) addBlock(guide, token, origin);
  return guide;
}

function addBlock(guide: Guide, token: Token, origin: string): void {
  const { blocks } = guide;
  switch (token.type) {
    case "heading": {
      const { text, depth } = token as Tokens.Heading;
      const id = text
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, "-")
        .replaceAll(/^-|-$/g, "");
      blocks.push({ kind: "heading", level: depth, id, text });
      return;
    }
    case "paragraph":
      blocks.push({ kind: "paragraph", children: inline((token as Tokens.Paragraph).tokens) });
      return;
    case "list": {
      const { ordered, items } = token as Tokens.List;
      blocks.push({
        kind: "list",
        isOrdered: ordered,
        items: items.map((item) => inline(item.tokens)),
      });
      return;
    }
    case "table": {
      const { header, rows } = token as Tokens.Table;
      blocks.push({
        kind: "table",
        head: header.map((cell) => inline(cell.tokens)),
        rows: rows.map((row) => row.map((cell) => inline(cell.tokens))),
      });
      return;
    }
    case "code":
      addCode(guide, token as Tokens.Code, origin);
      return;
    case "html": {
      const [, name] = /^<!-- ([\w-]+) -->\s*$/.exec((token as Tokens.HTML).text) ?? [];
      if (name === undefined) break;
      blocks.push({ kind: "catalogue", name });
      return;
    }
  }
  throw new Error(`docs/guides/${guide.slug}.md: no page draws ${token.type}: ${token.raw.slice(0, 60)}`);
}

function addCode({ blocks, calls, noted }: Guide, { lang = "", text }: Tokens.Code, origin: string): void {
  const [language = "", note] = lang.split(" ");
  if (language === "http") {
    const call = readCall(text, origin);
    calls.push({ call, status: note === undefined ? null : Number(note) });
    blocks.push({
      kind: "code",
      tabs: [
        { title: "HTTP", code: text },
        ...Object.entries(samplesOf(call)).map(([title, code]) => ({ title, code })),
      ],
    });
    return;
  }
  if (note !== undefined) noted.push({ language, note, code: text, afterCall: calls.length - 1 });
  const tab = { title: languageNames[language] ?? language, code: text };
  const before = blocks.at(-1);
  // The same in one more language.
  if (note === "verify" && before?.kind === "code" && before.tabs[0]?.title === "JavaScript") {
    before.tabs.push(tab);
  } else {
    blocks.push({ kind: "code", tabs: [tab] });
  }
}

/** `POST /path`, headers, an empty line, a JSON body. */
function readCall(text: string, origin: string): SampleCall {
  const [head = "", ...body] = text.split("\n\n");
  const [first = "", ...headers] = head.split("\n");
  const [method = "", path = ""] = first.split(" ");
  return {
    method,
    url: `${origin}${path}`,
    headers: headers.map((line) => {
      const [name = "", ...value] = line.split(": ");
      return [name, value.join(": ")];
    }),
    body: body.length === 0 ? undefined : (JSON.parse(body.join("\n\n")) as unknown),
  };
}

function inline(tokens: Token[] = []): Inline[] {
  return tokens.flatMap((token): Inline[] => {
    switch (token.type) {
      case "text": {
        const { tokens: inner, text } = token as Tokens.Text;
        return inner ? inline(inner) : [{ kind: "text", text: plain(text) }];
      }
      case "escape":
        return [{ kind: "text", text: (token as Tokens.Escape).text }];
      case "codespan":
        return [{ kind: "code", text: (token as Tokens.Codespan).text }];
      case "strong":
      case "em":
        return [{ kind: token.type, children: inline((token as Tokens.Strong).tokens) }];
      case "link": {
        const { href, tokens: inner } = token as Tokens.Link;
        return [{ kind: "link", href, children: inline(inner) }];
      }
      case "paragraph":
        return inline((token as Tokens.Paragraph).tokens);
      default:
        throw new Error(`no page draws ${token.type}: ${token.raw.slice(0, 60)}`);
    }
  });
}

const plain = (text: string) =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");

/** One line of Markdown, for descriptions in the document. */
export function readInline(source: string): Inline[][] {
  return marked
    .lexer(source)
    .filter(({ type }) => type === "paragraph")
    .map((token) => inline((token as Tokens.Paragraph).tokens));
}
