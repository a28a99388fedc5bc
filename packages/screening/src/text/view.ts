/**
 * One reading of a text: folded, decoded, turned round. `starts` and `ends` say for each UTF-16 unit of the reading where in
 * the original it comes from; without them it stands where it stands.
 */
export interface View {
  text: string;
  starts?: Int32Array;
  ends?: Int32Array;
  /** All of it stands for this piece of the original, as decoded text does. */
  whole?: Span;
  /** How it was hidden, in words; undefined for the plain reading. */
  hidden?: string;
}

export interface Span {
  start: number;
  end: number;
}

/** Where in the original the piece `from` to `to` (exclusive, not empty) of a view stands. */
export function spanOf(view: View, from: number, to: number): Span {
  if (view.whole) return view.whole;
  const { starts, ends } = view;
  if (!starts || !ends) return { start: from, end: to };
  const [a = 0, b = 0] = [starts[from], starts[to - 1]];
  const [c = 0, d = 0] = [ends[from], ends[to - 1]];
  // A reversed view runs the other way.
  return { start: Math.min(a, b), end: Math.max(c, d) };
}
