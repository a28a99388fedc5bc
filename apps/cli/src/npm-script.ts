// A command of two words that has an npm script of its own.
const ownScripts = new Set(['audit verify']);

/**
 * How a command is called with npm: `npm run policy -- check` for the words `policy check`.
 *
 * @param words the command's words; none for the program itself
 * @param rest what follows them
 */
export function npmCommand(words: readonly string[], rest: string): string {
  const [first, ...others] = words;
  if (first === undefined) return `npm run cli -- ${rest}`;
  const own = ownScripts.has(words.slice(0, 2).join(' '));
  const script = own ? words.slice(0, 2).join(':') : first;
  const after = own ? others.slice(1) : others;
  return `npm run ${script} -- ${[...after, rest].join(' ')}`;
}
