/** One series of a chart. `color` is a token: "var(--chart-failed)". */
export type ChartSeries = {
  key: string;
  label: string;
  color: string;
  /** SVG dash pattern. Lines differ in dash as well as in colour: "6 3". */
  dash?: string;
};

/** One position on the x axis. A missing value is null and is drawn as a gap, never as zero. */
export type ChartPoint = {
  /** Under the axis. */
  label: string;
  /** In the tooltip, with date and zone; the label when omitted. */
  title?: string;
  values: Readonly<Record<string, number | null>>;
};

/** An outage or other period to point at, from and to a point's index (both included). */
export type ChartBand = { from: number; to: number; label: string };

/** A moment to point at, as a change of configuration: a line at a point's index. */
export type ChartMark = { at: number; label: string };

export type ChartProps = {
  /** Read by screen readers before the points. */
  title: string;
  series: readonly ChartSeries[];
  points: readonly ChartPoint[];
  /** In the tooltip, and on the axis unless `formatTick` is given. */
  formatValue?: (value: number) => string;
  formatTick?: (value: number) => string;
  bands?: readonly ChartBand[];
  /** A point was clicked, by its index. */
  onOpen?: ((index: number) => void) | undefined;
  /** A stretch was dragged over: the indexes of its first and last point. */
  onZoom?: ((from: number, to: number) => void) | undefined;
};

export type StackedBarChartProps = ChartProps;

export type LineChartProps = ChartProps & {
  marks?: readonly ChartMark[];
  /** The axis from and to; from 0 when omitted. Say it in the frame's note when it is not 0. */
  domain?: readonly [number, number];
  /** Names each line where it starts. */
  nameLines?: boolean;
};
