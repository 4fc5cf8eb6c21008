import { Sparkline } from "~/components/charts/sparkline";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { CodeBlock } from "~/components/ui/code-block";
import { CopyableId } from "~/components/ui/copyable-id";
import { DescriptionList } from "~/components/ui/description-list";
import { formatCount, formatPercent } from "~/components/ui/format";
import { Money } from "~/components/ui/money";
import { Stat, StatGroup } from "~/components/ui/stat";
import { TextLink } from "~/components/ui/text-link";
import { Time } from "~/components/ui/time";
import { Section } from "./section";

const shape = [9, 7, 8, 6, 7, 8, 7, 7, 5, 6, 5, 6, 7, 6, 5, 5, 4, 5, 4, 3, 4, 3, 2];

const curl = `curl "$APP_URL/api/v1/payment-methods?currency=AUD" \\
  -H "Authorization: Bearer ks_test_Tq7M…1Xs"`;

/** Numbers, times, ids, code. */
export function DisplaySection({ now }: { now: string }) {
  const at = (seconds: number) => new Date(Date.parse(now) - seconds * 1000).toISOString();
  return (
    <Section id="display" title="Numbers, times, code">
      <StatGroup label="Last 7 days">
        <Stat
          label="Conversion"
          value={formatPercent(0.858)}
          delta={{ direction: "up", tone: "good", text: "1.2 points" }}
          note="17,318 paid of 20,184 created"
        >
          <Sparkline values={shape} />
        </Stat>
        <Stat
          label="Success rate"
          value={formatPercent(0.925)}
          delta={{ direction: "down", tone: "bad", text: "0.8 points" }}
          note="paid ÷ (paid + failed)"
        >
          <Sparkline values={shape.map((value, i) => (i === 9 ? null : value))} />
        </Stat>
        <Stat
          label="Sessions created"
          value={formatCount(20_184)}
          delta={{ direction: "up", tone: "flat", text: "6.4%" }}
          note="18,970 the week before"
        >
          <Sparkline values={[...shape].reverse()} />
        </Stat>
        <Stat
          label="Paid volume"
          unit="AUD"
          value="1,186,204.35"
          delta={{ direction: "up", tone: "good", text: "5.1%" }}
          note={
            <TextLink to="?" inline>
              and 6 other currencies
            </TextLink>
          }
        >
          <Sparkline values={shape} />
        </Stat>
      </StatGroup>
      <div className="mt-4 grid gap-4 lg:grid-cols-2">
        <Card>
          <CardHeader title="Summary" />
          <CardBody>
            <DescriptionList
              items={[
                {
                  term: "Session",
                  description: <CopyableId id="01a1fc16-7e1b-7c44-9a55-0c3d9fb60216" what="session id" />,
                },
                { term: "Amount", description: <Money amount="140.76" currency="AUD" /> },
                { term: "Large", description: <Money amount="90071992547409.93" currency="USD" /> },
                { term: "No decimals", description: <Money amount="154000" currency="JPY" /> },
                { term: "Created", description: <Time iso={at(4080)} /> },
                {
                  term: "In a zone",
                  description: <Time iso={at(9)} timeZone="Australia/Melbourne" show="absolute" />,
                },
                { term: "Expires", description: <Time iso={at(-518_500)} /> },
                { term: "Paid", description: "Not known yet" },
                { term: "Refund", description: null },
              ]}
            />
          </CardBody>
        </Card>
        <div className="grid content-start gap-4">
          <CodeBlock title="curl" note="lists the methods you can take" code={curl} />
          <CodeBlock
            title="Response"
            note="201, 638 ms"
            wrap
            code={JSON.stringify(
              { id: "KTP-7F31C09A", status: "created", expiresAt: "2026-11-21T04:12:06Z" },
              null,
              2,
            )}
          />
        </div>
      </div>
    </Section>
  );
}
