import { Link } from "@remix-run/react";
import { CodeBlock } from "~/components/ui/code-block";
import { PageHeader } from "~/components/ui/page-header";
import { TextLink } from "~/components/ui/text-link";
import type { Inline } from "./markdown.server";
import { MethodLabel } from "./method-label";
import type { DocsNavigation } from "./operation-view";
import { Prose } from "./prose";

/** Where a reader begins: what the API is, the guides, and every operation. */
export function StartPage({
  origin,
  introduction,
  guides,
  navigation,
}: {
  origin: string;
  introduction: Inline[][];
  guides: readonly { slug: string; title: string; summary: string }[];
  navigation: DocsNavigation;
}) {
  return (
    <div className="grid max-w-[96ch] gap-6 *:min-w-0">
      <div>
        <PageHeader title="Kadosei API" />
        <div className="grid gap-3 leading-[1.6]">
          {introduction.map((paragraph, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the text does not change
            <p key={index}>
              <Prose>{paragraph}</Prose>
            </p>
          ))}
        </div>
      </div>
      <CodeBlock title="Base URL" code={origin} />
      <p>
        For programs: the{" "}
        <a className="text-accent underline underline-offset-2" href="/api/v1/openapi.json">
          OpenAPI 3.1 document
        </a>
        . Its TypeScript types are in the repository, in <code className="text-sm">clients/kadosei.d.ts</code>
        .
      </p>
      <section aria-labelledby="guides">
        <h2 id="guides" className="mb-2 text-md font-bold">
          Guides
        </h2>
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,260px),1fr))] gap-3">
          {guides.map(({ slug, title, summary }) => (
            <li key={slug} className="rounded-lg border border-border bg-surface p-4">
              <TextLink to={`/docs/guides/${slug}`}>{title}</TextLink>
              <p className="mt-1 text-text-2">{summary}</p>
            </li>
          ))}
        </ul>
      </section>
      {navigation.tags.map(({ name, description, operations }) => (
        <section key={name} aria-label={name}>
          <h2 className="text-md font-bold">{name}</h2>
          <p className="mb-2 text-text-2">{description.replaceAll("`", "")}</p>
          <ul className="divide-y divide-border rounded-lg border border-border bg-surface">
            {operations.map(({ operationId, method, path, summary }) => (
              <li key={operationId}>
                <Link
                  to={`/docs/api/${operationId}`}
                  className="grid gap-x-3 px-3 py-2 hover:bg-surface-hover focus-visible:-outline-offset-2 sm:grid-cols-[56px_minmax(0,1fr)]"
                >
                  <MethodLabel method={method} className="pt-0.5" />
                  <span className="min-w-0">
                    <span className="block font-medium text-accent">{summary}</span>
                    <code className="block text-sm break-all text-text-2">{path}</code>
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
