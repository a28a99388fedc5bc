import { commandNames } from './commands.ts';

// What people write when something goes wrong and they do not remember the command.
const wordsForStop: ReadonlySet<string> = new Set([
  'abort',
  'emergency',
  'freeze',
  'halt',
  'kill',
  'panic',
  'pause',
]);
const names: readonly string[] = ['start', ...commandNames];
// A typing error in a short word, two in a longer one.
const errorsIn = (name: string) => (name.length < 6 ? 1 : 2);
const longestWord = 40;
const wordsRead = 50;

/** The command that a text probably means: one that it names, or one that its first word nearly is. Undefined when there is none. */
export function nearestCommand(text: string): string | undefined {
  const words = text
    .slice(0, 1_000)
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '' && word.length <= longestWord)
    .slice(0, wordsRead);
  const named = words.find((word) => names.includes(word));
  if (named !== undefined) return named;
  const [first] = words;
  return (
    (first === undefined ? undefined : (beginningOf(first) ?? closest(first))) ??
    (words.some((word) => wordsForStop.has(word)) ? 'stop' : undefined)
  );
}

// `/stopall`, `/statuses`.
function beginningOf(word: string): string | undefined {
  return names.find((name) => word.startsWith(name));
}

function closest(word: string): string | undefined {
  const near = names
    .map((name) => ({ name, errors: editDistance(word, name) }))
    .filter(({ name, errors }) => errors <= errorsIn(name))
    .toSorted((a, b) => a.errors - b.errors);
  return near[0]?.name;
}

/** How many letters have to be added, left out, replaced or exchanged with their neighbour. */
function editDistance(a: string, b: string): number {
  let earlier: number[] = [];
  let before = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      const exchanged = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        at(before, j) + 1,
        at(row, j - 1) + 1,
        at(before, j - 1) + (same ? 0 : 1),
        exchanged ? at(earlier, j - 2) + 1 : Infinity,
      );
    }
    earlier = before;
    before = row;
  }
  return at(before, b.length);
}

const at = (row: readonly number[], index: number) => row[index] ?? Infinity;
