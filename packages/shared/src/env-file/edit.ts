import { ConfigError } from '../errors.ts';
import { scanEnv } from './scan.ts';
import { valueFault } from './value-faults.ts';

const plain = /^[\w@%+=:,./-]+$/;

/**
 * A value as `.env` has it, so that a shell and the plane read the same.
 *
 * @throws ConfigError that names the setting, for a value that no `.env` can hold
 */
export function envWord(name: string, value: string): string {
  const fault = valueFault(value);
  if (fault !== undefined) throw new ConfigError([{ key: name, rule: fault }]);
  if (value === '' || plain.test(value)) return value;
  if (!value.includes("'")) return `'${value}'`;
  return `"${value.replaceAll(/[\\"$`]/g, String.raw`\$&`)}"`;
}

/**
 * Changes settings in the text of a `.env`; comments, order and everything else stay as they are.
 *
 * @param text as `parseEnvFile` gives it, without faults
 * @param changes new values; null makes a setting empty, which counts as unset
 */
export function editEnv(text: string, changes: ReadonlyMap<string, string | null>): string {
  const { places } = scanEnv(text);
  const edits = [...changes].flatMap(([name, value]) => {
    const found = places.filter((place) => place.name === name);
    // The last one is what counts.
    const changed = value === null ? found : found.slice(-1);
    return changed.map((place) => ({ ...place, word: value === null ? '' : envWord(name, value) }));
  });
  let edited = text;
  for (const { from, to, word } of edits.toSorted((a, b) => b.from - a.from)) {
    edited = edited.slice(0, from) + word + edited.slice(to);
  }
  const known = new Set(places.map(({ name }) => name));
  const added = [...changes].flatMap(([name, value]) =>
    value === null || known.has(name) ? [] : [`${name}=${envWord(name, value)}\n`],
  );
  if (added.length === 0) return edited;
  const before = edited === '' || edited.endsWith('\n') ? edited : `${edited}\n`;
  return `${before}${before === '' ? '' : '\n'}${added.join('')}`;
}
