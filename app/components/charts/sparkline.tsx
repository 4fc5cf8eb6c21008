/**
 * The shape of a series, and nothing more: no axis, no numbers. Server-rendered. A null is a gap; fewer
 * than two values draw nothing.
 */
export function Sparkline({ values }: { values: readonly (number | null)[] }) {
  const known = values.filter((value): value is number => value !== null);
  if (known.length < 2) return <div className="h-9 max-sm:h-7" />;
  const min = Math.min(...known);
  const span = Math.max(...known) - min || 1;
  let pen = "M";
  let path = "";
  values.forEach((value, index) => {
    if (value === null) {
      pen = "M";
      return;
    }
    path += `${pen}${((index / (values.length - 1)) * 100).toFixed(2)} ${(34 - ((value - min) / span) * 30).toFixed(2)}`;
    pen = "L";
  });
  return (
    <svg
      viewBox="0 0 100 36"
      preserveAspectRatio="none"
      aria-hidden="true"
      className="block h-9 w-full max-sm:h-7"
    >
      {known.length === values.length ? (
        <path d={`${path}L100 36L0 36Z`} fill="var(--series-1)" opacity={0.09} />
      ) : null}
      <path
        d={path}
        fill="none"
        stroke="var(--series-1)"
        strokeWidth={1.5}
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
