/** Counts of one connection in one segment. */
export interface Observed {
  connectionId: string;
  segment: string;
  successes: number;
  total: number;
}

/** What a fit says of a connection in a segment, seen there before or not. */
export interface Fitted {
  share: number;
  /** Of how it differs from what the segment's customers usually meet: the variance over that of one observation. */
  doubt: number;
}

export interface Usual {
  /** The share of a segment of which nothing is known, … */
  mean: number;
  /** … which weighs as much as so many observations in what is said of it. It says nothing about connections. */
  segmentStrength: number;
  /** Observations of a connection at which its own part counts half. */
  connectionStrength: number;
}

/** Keeps a segment without observations solvable. More would let what is usual elsewhere count against connections. */
const HARDLY_ANY = 0.1;

/**
 * Takes a share apart into what the segment and what the connection adds to it, by least squares over all cells, with
 * the connections' parts drawn to nothing. Both at once: where a connection serves
 * nearly all of a segment, the segment's mean is its own, and does not say that it is no better than usual.
 * @param cells at most one of a connection and segment.
 * @returns asked for a connection and segment, what they have together.
 */
export function fitAdditive(
  cells: readonly Observed[],
  usual: Usual,
): (connectionId: string, segment: string) => Fitted {
  const places = new Map<string, number>();
  for (const { connectionId } of cells) {
    if (!places.has(connectionId)) places.set(connectionId, places.size);
  }
  const size = places.size;
  const segments = new Map<string, { successes: number; totals: Float64Array; total: number }>();
  const right = new Float64Array(size);
  // The normal equations of the connections' parts, row by row, with the segments' put in their place.
  const matrix = new Float64Array(size * size);
  for (let place = 0; place < size; place++) matrix[place * size + place] = usual.connectionStrength;
  for (const { connectionId, segment, successes, total } of cells) {
    const place = places.get(connectionId) ?? 0;
    let own = segments.get(segment);
    if (own === undefined) {
      own = { successes: usual.mean * HARDLY_ANY, total: HARDLY_ANY, totals: new Float64Array(size) };
      segments.set(segment, own);
    }
    own.successes += successes;
    own.total += total;
    own.totals[place] = total;
    right[place] = at(right, place) + successes;
    matrix[place * size + place] = at(matrix, place * size + place) + total;
  }
  for (const { successes, total, totals } of segments.values()) {
    for (let place = 0; place < size; place++) {
      const weight = at(totals, place) / total;
      right[place] = at(right, place) - weight * successes;
      for (let other = 0; other < size; other++) {
        const index = place * size + other;
        matrix[index] = at(matrix, index) - weight * at(totals, other);
      }
    }
  }
  invert(matrix, size);
  const effects = times(matrix, right);

  const known = new Map<string, { share: number; shared: Float64Array; doubt: number }>();
  for (const [segment, { successes, total, totals }] of segments) {
    const weights = totals.map((own) => own / total);
    const shared = times(matrix, weights);
    const ofSegment = successes - total * product(weights, effects);
    const share = (ofSegment + usual.segmentStrength * usual.mean) / (total + usual.segmentStrength);
    known.set(segment, { share, shared, doubt: product(weights, shared) });
  }
  const { mean } = usual;
  const alone = 1 / usual.connectionStrength;
  return (connectionId, segment) => {
    const place = places.get(connectionId);
    const own = known.get(segment);
    if (place === undefined) return { share: own?.share ?? mean, doubt: alone + (own?.doubt ?? 0) };
    const doubt = at(matrix, place * size + place);
    if (own === undefined) return { share: mean + at(effects, place), doubt };
    return {
      share: own.share + at(effects, place),
      // Rounding may take a little more than there is.
      doubt: Math.max(0, doubt - 2 * at(own.shared, place) + own.doubt),
    };
  };
}

// This runs with every read of an application's cells: flat arrays take half of the time of nested ones.

/** An element that is there. */
const at = (numbers: Float64Array, index: number) => numbers[index] as number;

function product(a: Float64Array, b: Float64Array, from = 0): number {
  let sum = 0;
  for (let place = 0; place < b.length; place++) sum += at(a, from + place) * at(b, place);
  return sum;
}

const times = (matrix: Float64Array, vector: Float64Array) =>
  vector.map((_, row) => product(matrix, vector, row * vector.length));

/** A symmetric positive definite matrix in its place (Gauss and Jordan; such a one needs no pivoting). */
function invert(matrix: Float64Array, size: number): void {
  for (let pivot = 0; pivot < size; pivot++) {
    const first = pivot * size;
    const by = 1 / at(matrix, first + pivot);
    matrix[first + pivot] = 1;
    for (let column = 0; column < size; column++) matrix[first + column] = at(matrix, first + column) * by;
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue;
      const start = row * size;
      const factor = at(matrix, start + pivot);
      if (factor === 0) continue;
      matrix[start + pivot] = 0;
      for (let column = 0; column < size; column++)
        matrix[start + column] = at(matrix, start + column) - factor * at(matrix, first + column);
    }
  }
}
