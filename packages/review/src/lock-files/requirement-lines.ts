/* How pip takes a requirements file apart. */

// oxlint-disable-next-line no-control-regex -- Python ends lines at these too
const endOfLine = /\r\n|[\n\r\v\f\u001C-\u001E\u0085\u2028\u2029]/;
const comment = /(?:^|\s)#.*$/s;

/** Its lines without comments; a backslash joins lines, but not behind a comment. */
export function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let begun = '';
  const end = (line: string) => {
    const plain = line.replace(comment, '').replaceAll(/^[ \t\f]+|[ \t\f]+$/g, '');
    if (plain !== '') lines.push(plain);
    begun = '';
  };
  for (const line of text.split(endOfLine)) {
    if (/^\s*#/.test(line)) end(`${begun} ${line}`);
    else if (line.endsWith('\\')) begun += line.replace(/^\\+|\\+$/g, '');
    else end(begun + line);
  }
  end(begun);
  return lines;
}

/** A line up to its first option, and its options with their values. */
export function splitLine(line: string): { plain: string; options: Array<[name: string, value: string]> } {
  const words = line.match(/(?:"[^"]*"|'[^']*'|[^ \t\f])+/g) ?? [];
  const at = words.findIndex((word) => word.startsWith('-'));
  if (at < 0) return { plain: line, options: [] };
  const options: Array<[string, string]> = [];
  const rest = words.slice(at).map((word) => word.replaceAll(/["']/g, ''));
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    // Of a short option the value may follow at once: -rmore.txt.
    const [, written = word, sign, joined = ''] = /^(--[^=\s]*|-[^-])(=?)(.*)$/s.exec(word) ?? [];
    const name = fullName(written);
    const value = sign === '=' || joined !== '' ? joined : takesNothing.has(name) ? '' : (rest.shift() ?? '');
    options.push([name, value]);
  }
  return { plain: words.slice(0, at).join(' '), options };
}

const takesNothing = new Set(['--no-index', '--prefer-binary', '--require-hashes', '--pre']);

const short: Readonly<Record<string, string>> = {
  '-i': '--index-url',
  '-r': '--requirement',
  '-c': '--constraint',
  '-e': '--editable',
  '-f': '--find-links',
};

const long = [
  ...Object.values(short),
  ...takesNothing,
  '--pypi-url',
  '--extra-index-url',
  '--trusted-host',
  '--no-binary',
  '--only-binary',
  '--use-feature',
  '--hash',
  '--config-settings',
  '--global-option',
  '--install-option',
];

// pip takes a beginning that fits only one for the whole.
function fullName(written: string): string {
  if (!written.startsWith('--')) return short[written] ?? written;
  if (long.includes(written)) return written;
  const fitting = long.filter((name) => name.startsWith(written));
  return fitting.length === 1 ? (fitting[0] ?? written) : written;
}
