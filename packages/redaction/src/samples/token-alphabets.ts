const digits = '7192836405';
const small = 'qzbwkmtrvxjhgfdnpyclsuaeio';
const capitals = 'RZKTBWMQVXJHGFDNPYCLSUAEIO';
const mix = (...sets: string[]) => {
  const longest = Math.max(...sets.map(({ length }) => length));
  return Array.from({ length: longest }, (_, n) => sets.map((set) => set[n] ?? '').join('')).join('');
};

// Letters and digits take turns, so that any stretch of a few characters looks random. Signs come last.
const alphabets: Readonly<Record<string, string>> = {
  any: mix(digits, small, capitals),
  word: `${mix(digits, small, capitals)}_-`,
  name: `${mix(digits, small, capitals)}_`,
  equals: `${mix(digits, small, capitals)}_=-`,
  dots: `${mix(digits, small, capitals)}_.-`,
  mixed: `${mix(digits, small, capitals)}_.=-`,
  tilde: `${mix(digits, small, capitals)}_~.-`,
  base64: `${mix(digits, small, capitals)}+/`,
  padded: `${mix(digits, small, capitals)}+/_=-`,
  percent: `${mix(digits, small, capitals)}%`,
  escaped: `${mix(digits, small, capitals)}_%-`,
  hyphened: `${mix(digits, small, capitals)}-`,
  dashed: `${mix(digits, small)}-`,
  lower: mix(digits, small),
  upper: mix(digits, capitals),
  hex: mix(digits, 'bdface', 'FADBEC'),
  lowhex: mix(digits, 'bdface'),
  atoh: mix(digits, 'bdfhgace', 'HFADGBEC'),
  bech32: '2Q3P5Z4R7Y6L9X8GF0TVDWSJNKHCEMUA',
  digit: digits,
  small,
  pad: '=',
};

/** One part of a form: so many characters of an alphabet, or text that stands for itself. */
interface Part {
  alphabet: string;
  least: number;
  most: number;
  literal?: true;
}

export function partsOf(form: string): readonly Part[] {
  return form.split(' ').map((text) => {
    const [, name = '', least = '', most = least] = /^([a-z0-9]+)\*(\d+)(?:-(\d+))?$/.exec(text) ?? [];
    const alphabet = alphabets[name];
    if (alphabet === undefined)
      return { alphabet: text, least: text.length, most: text.length, literal: true };
    return { alphabet, least: Number(least), most: Number(most) };
  });
}

/** Text of a form with so many characters in each of its parts, the same each time. */
export function writeForm(parts: readonly Part[], lengths: readonly number[]): string {
  let at = 0;
  const write = ({ alphabet, literal }: Part, length: number) =>
    Array.from({ length }, (_, n) => alphabet[(literal ? n : (at += 1) + n * 16) % alphabet.length]).join('');
  return parts.map((part, n) => write(part, lengths[n] ?? 0)).join('');
}
