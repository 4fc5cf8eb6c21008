import { PageHeader } from "~/components/ui/page-header";
import { catalogues } from "./catalogues";
import { CodeTabs } from "./code-tabs";
import type { Block, Guide } from "./markdown.server";
import type { DocsNavigation } from "./operation-view";
import { Prose, ProseTable } from "./prose";

/** A guide: text, with the same samples as the reference. */
export function GuidePage({
  guide,
  navigation,
}: {
  guide: Pick<Guide, "title" | "summary" | "blocks">;
  navigation: DocsNavigation;
}) {
  return (
    <article className="max-w-[86ch]">
      <PageHeader title={guide.title} description={<p className="text-md">{guide.summary}</p>} />
      <div className="grid min-w-0 gap-4 *:min-w-0">
        {guide.blocks.map((block, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a guide does not change
          <GuideBlock key={index} block={block} navigation={navigation} label={`${guide.title} ${index}`} />
        ))}
      </div>
    </article>
  );
}

function GuideBlock({
  block,
  navigation,
  label,
}: {
  block: Block;
  navigation: DocsNavigation;
  label: string;
}) {
  switch (block.kind) {
    case "heading":
      return (
        <h2 id={block.id} className="mt-4 scroll-mt-20 text-md font-bold">
          {block.text}
        </h2>
      );
    case "paragraph":
      return (
        <p className="leading-[1.6]">
          <Prose>{block.children}</Prose>
        </p>
      );
    case "list": {
      const List = block.isOrdered ? "ol" : "ul";
      return (
        <List className={`grid gap-1.5 pl-5 leading-[1.6] ${block.isOrdered ? "list-decimal" : "list-disc"}`}>
          {block.items.map((item, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a guide does not change
            <li key={index}>
              <Prose>{item}</Prose>
            </li>
          ))}
        </List>
      );
    }
    case "table":
      return (
        <ProseTable
          label={`Table, ${label}`}
          head={block.head.map((cell, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a guide does not change
            <Prose key={index}>{cell}</Prose>
          ))}
          rows={block.rows.map((row, index) => ({
            key: String(index),
            cells: row.map((cell, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a guide does not change
              <Prose key={column}>{cell}</Prose>
            )),
          }))}
        />
      );
    case "code":
      return <CodeTabs label={`Sample, ${label}`} tabs={block.tabs} />;
    case "catalogue": {
      const Catalogue = catalogues[block.name];
      return Catalogue ? <Catalogue navigation={navigation} /> : null;
    }
  }
}
