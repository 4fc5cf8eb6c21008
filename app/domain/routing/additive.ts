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
  // The normal equations of the connections' parts, with the segments' put in their place.
  const matrix = Array.from({ length: size }, () => new Float64Array(size));
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
    add(right, place, successes);
    add(matrix[place], place, total);
  }
  for (const { successes, total, totals } of segments.values()) {
    for (let place = 0; place < size; place++) {
      const own = totals[place] ?? 0;
      if (own === 0) continue;
      add(right, place, (-own * successes) / total);
      for (let other = 0; other < size; other++)
        add(matrix[place], other, (-own * (totals[other] ?? 0)) / total);
    }
  }
  matrix.forEach((row, place) => {
    add(row, place, usual.connectionStrength);
  });
  const inverse = inverseOf(matrix);
  const effects = inverse.map((row) => product(row, right));

  const known = new Map<string, { share: number; shared: Float64Array; doubt: number }>();
  for (const [segment, { successes, total, totals }] of segments) {
    const weights = totals.map((own) => own / total);
    const shared = Float64Array.from(inverse, (row) => product(row, weights));
    const mean = successes / total - product(weights, effects);
    const share = (total * mean + usual.segmentStrength * usual.mean) / (total + usual.segmentStrength);
    known.set(segment, { share, shared, doubt: product(weights, shared) });
  }
  return (connectionId, segment) => {
    const place = places.get(connectionId) ?? -1;
    const own = known.get(segment);
    const alone = inverse[place]?.[place] ?? 1 / usual.connectionStrength;
    return {
      share: (own?.share ?? usual.mean) + (effects[place] ?? 0),
      // Rounding may take a little more than there is.
      doubt: Math.max(0, alone - 2 * (own?.shared[place] ?? 0) + (own?.doubt ?? 0)),
    };
  };
}

function add(numbers: Float64Array | undefined, place: number, value: number): void {
  if (numbers) numbers[place] = (numbers[place] ?? 0) + value;
}

function product(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let place = 0; place < a.length; place++) sum += (a[place] ?? 0) * (b[place] ?? 0);
  return sum;
}

/** Of a symmetric positive definite matrix, which is used up (Gauss and Jordan; such a one needs no pivoting). */
function inverseOf(matrix: readonly Float64Array[]): Float64Array[] {
  const inverse = matrix.map((_, place) => new Float64Array(matrix.length).fill(1, place, place + 1));
  matrix.forEach((row, pivot) => {
    const result = inverse[pivot] ?? row;
    const by = 1 / (row[pivot] ?? 1);
    for (let column = 0; column < row.length; column++) {
      row[column] = (row[column] ?? 0) * by;
      result[column] = (result[column] ?? 0) * by;
    }
    matrix.forEach((other, place) => {
      const times = -(other[pivot] ?? 0);
      if (place === pivot || times === 0) return;
      for (let column = 0; column < row.length; column++) {
        add(other, column, times * (row[column] ?? 0));
        add(inverse[place], column, times * (result[column] ?? 0));
      }
    });
  });
  return inverse;
}
