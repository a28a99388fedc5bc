import type { View } from './view.ts';

/** The view in ROT13. */
export function rotated(view: View): View {
  const text = view.text.replaceAll(/[a-z]/g, (c) => String.fromCharCode(((c.charCodeAt(0) - 84) % 26) + 97));
  return { ...view, text, hidden: 'ROT13' };
}

/** The view read backwards. */
export function reversed(view: View): View {
  const { length } = view.text;
  const units = new Uint16Array(length);
  const starts = new Int32Array(length);
  const ends = new Int32Array(length);
  for (let i = 0; i < length; i += 1) {
    const from = length - 1 - i;
    units[i] = view.text.charCodeAt(from);
    starts[i] = view.starts?.[from] ?? from;
    ends[i] = view.ends?.[from] ?? from + 1;
  }
  const text = new TextDecoder('utf-16le', { ignoreBOM: true }).decode(units);
  return { ...view, text, starts, ends, hidden: 'reversed letters' };
}
