import { Tabs } from "radix-ui";
import { CodeBlock } from "~/components/ui/code-block";
import { CopyButton } from "~/components/ui/copy-button";
import { ScrollRegion } from "~/components/ui/scroll-region";
import { useDocsState } from "./docs-state";

/** The same code in several languages; the one that was chosen last is shown everywhere. */
export function CodeTabs({
  label,
  tabs,
}: {
  label: string;
  tabs: readonly { title: string; code: string }[];
}) {
  const { language, setLanguage } = useDocsState();
  const [first] = tabs;
  if (first === undefined) return null;
  if (tabs.length === 1) return <CodeBlock title={first.title} code={first.code} />;
  const current = tabs.find(({ title }) => title === language) ?? first;
  return (
    <Tabs.Root
      value={current.title}
      onValueChange={setLanguage}
      className="min-w-0 overflow-hidden rounded-lg border border-border bg-surface-sunken"
    >
      <div className="flex items-center border-b border-border bg-surface pr-1.5 pl-1.5">
        <Tabs.List
          aria-label={label}
          className="flex min-w-0 flex-1 overflow-x-auto text-sm [scrollbar-width:none]"
        >
          {tabs.map(({ title }) => (
            <Tabs.Trigger
              key={title}
              value={title}
              className="-mb-px border-b-2 border-transparent px-1.5 py-2 font-medium whitespace-nowrap text-text-2 hover:text-text focus-visible:-outline-offset-2 data-[state=active]:border-accent data-[state=active]:text-text max-sm:px-2 max-sm:py-3"
            >
              {title}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <CopyButton text={current.code} what={current.title} className="my-0 ml-auto" />
      </div>
      {tabs.map(({ title, code }) => (
        <Tabs.Content key={title} value={title} tabIndex={-1}>
          <ScrollRegion label={`${label}, ${title}`} className="max-h-[34rem]">
            <pre className="px-3 py-2 text-sm leading-[18px]">{code}</pre>
          </ScrollRegion>
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}
