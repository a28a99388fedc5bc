/**
 * One reading of a text: folded, decoded, turned round. `starts` and `ends` say for each UTF-16 unit of the reading where in
 * the original it comes from; without them it stands where it stands.
 */
export interface View {
  text: string;
  starts?: Int32Array;
  ends?: Int32Array;
  /** How it was hidden, in words; undefined for the plain reading. */
  hidden?: string;
}

export interface Span {
  start: number;
  end: number;
}

/** Where in the original the piece `from` to `to` (exclusive, not empty) of a view stands. */
export function spanOf(view: View, from: number, to: number): Span {
  const { starts, ends } = view;
  if (!starts || !ends) return { start: from, end: to };
  const [a = 0, b = 0] = [starts[from], starts[to - 1]];
  const [c = 0, d = 0] = [ends[from], ends[to - 1]];
  // A reversed view runs the other way.
  return { start: Math.min(a, b), end: Math.max(c, d) };
}

// An empty line: no sentence goes on behind it.
const apart = '\n\n';

/** One text out of several, every unit of a piece standing for the whole of its place in the original. */
export function joined(
  pieces: readonly string[],
  places: readonly Span[],
): View & { starts: Int32Array; ends: Int32Array } {
  const text = pieces.join(apart);
  const starts = new Int32Array(text.length);
  const ends = new Int32Array(text.length);
  let from = 0;
  for (const [i, piece] of pieces.entries()) {
    const { start, end } = places[i] ?? { start: 0, end: 0 };
    // Between two pieces is the place of the first.
    const to = Math.min(text.length, from + piece.length + apart.length);
    starts.fill(start, from, to);
    ends.fill(end, from, to);
    from = to;
  }
  return { text, starts, ends };
}
