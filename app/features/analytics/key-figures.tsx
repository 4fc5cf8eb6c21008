import { Sparkline } from "~/components/charts/sparkline";
import { formatCount, formatDecimal, formatPercent } from "~/components/ui/format";
import { Stat, type StatDelta, StatGroup } from "~/components/ui/stat";
import { conversionOf, type Figures, type Sparks, successRateOf, type VolumeView } from "./figures";

/** A change between two shares, in points; none where one of them is missing. */
function points(now: number | null, before: number | null): StatDelta | undefined {
  if (now === null || before === null) return undefined;
  const change = Math.round((now - before) * 1000) / 10;
  if (change === 0) return { direction: "flat", tone: "flat", text: "0 points" };
  return {
    direction: change > 0 ? "up" : "down",
    tone: change > 0 ? "good" : "bad",
    text: `${Math.abs(change).toFixed(1)} points`,
  };
}

function relative(change: number | null, isGood: boolean): StatDelta | undefined {
  if (change === null) return undefined;
  if (Math.abs(change) < 0.0005) return { direction: "flat", tone: "flat", text: "0%" };
  return {
    direction: change > 0 ? "up" : "down",
    tone: isGood ? (change > 0 ? "good" : "bad") : "flat",
    text: formatPercent(Math.abs(change)),
  };
}

/** The four numbers of a period, each beside the period before. */
export function KeyFigures({
  view,
  beforeWords,
}: {
  view: {
    now: Figures;
    before: Figures;
    /** The first is shown; the others are in the table with the id "volume". */
    volumes: readonly VolumeView[];
    sparks: Sparks;
  };
  beforeWords: string;
}) {
  const { now, before, volumes, sparks } = view;
  const conversion = conversionOf(now);
  const success = successRateOf(now);
  const decided = now.byStatus.SUCCEEDED + now.byStatus.FAILED;
  const [main, ...others] = volumes;
  return (
    <div>
      <h2 className="sr-only">Key figures</h2>
      <StatGroup label="Key figures">
        <Stat
          label="Conversion"
          value={conversion === null ? "–" : formatPercent(conversion)}
          delta={points(conversion, conversionOf(before))}
          note={`${formatCount(now.byStatus.SUCCEEDED)} paid of ${formatCount(now.created)} created`}
        >
          <Sparkline values={sparks.conversion} />
        </Stat>
        <Stat
          label="Success rate"
          value={success === null ? "–" : formatPercent(success)}
          delta={points(success, successRateOf(before))}
          note={decided === 0 ? "none paid or failed yet" : "paid ÷ (paid + failed)"}
        >
          <Sparkline values={sparks.successRate} />
        </Stat>
        <Stat
          label="Sessions created"
          value={formatCount(now.created)}
          delta={relative(before.created === 0 ? null : now.created / before.created - 1, false)}
          note={`${formatCount(before.created)} in ${beforeWords}`}
        >
          <Sparkline values={sparks.created} />
        </Stat>
        <Stat
          label="Paid volume"
          unit={main?.currency}
          value={main ? formatDecimal(main.amount) : "–"}
          delta={main && relative(main.change, true)}
          note={
            others.length > 0 ? (
              <a href="#volume" className="underline decoration-current/40 underline-offset-2">
                and {others.length} other {others.length === 1 ? "currency" : "currencies"}
              </a>
            ) : main ? (
              `${formatCount(main.sessions)} paid`
            ) : (
              "nothing paid yet"
            )
          }
        >
          {main ? <Sparkline values={sparks.volume} /> : null}
        </Stat>
      </StatGroup>
    </div>
  );
}
