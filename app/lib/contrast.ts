/** Colours are "#rrggbb" here, ratios those of WCAG 2.2 (1 to 21). */
type Rgb = readonly [number, number, number];

function rgbOf(color: string): Rgb {
  const value = Number.parseInt(color.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function luminance(color: string): number {
  const [red, green, blue] = rgbOf(color).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** How well one colour is told from another: text needs 4.5, a control's border 3. */
export function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** So many hundredths of the way from one colour to another. */
function mix(from: string, to: string, hundredths: number): string {
  const target = rgbOf(to);
  const parts = rgbOf(from).map((part, index) =>
    Math.round(part + (((target[index] ?? part) - part) * hundredths) / 100),
  );
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** The first colour on the way from `color` to `towards` that has the contrast with `against`. */
export function nearestWith(color: string, towards: string, against: string, ratio: number): string {
  for (let hundredths = 0; hundredths < 100; hundredths += 1) {
    const mixed = mix(color, towards, hundredths);
    if (contrast(mixed, against) >= ratio) return mixed;
  }
  return towards;
}
