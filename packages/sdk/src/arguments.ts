/**
 * An argument or an option that a caller got wrong; nothing was asked and nothing ran. `code` is the one that ActpError has for the
 * values of `createClient`.
 */
class InvalidArgument extends TypeError {
  readonly code = 'invalid_argument';
}

type Kind = 'string' | 'number' | 'boolean' | 'function' | 'signal' | 'any';
/** The options that a function takes, and the type of each; any of them may be undefined. */
type OptionKinds = Readonly<Record<string, Kind>>;

const call = { signal: 'signal' } satisfies OptionKinds;
const ask = {
  ...call,
  workId: 'string',
  reason: 'string',
  ttlSeconds: 'number',
  callbackUrl: 'string',
} satisfies OptionKinds;
const requireKinds = {
  ...ask,
  chatId: 'string',
  onPending: 'function',
  cancelOnAbort: 'boolean',
} satisfies OptionKinds;
const guard = {
  ...requireKinds,
  text: 'string',
  textSource: 'string',
  costUsd: 'number',
  resultToReport: 'function',
} satisfies OptionKinds;
// What an option must be beyond its name is checked where it is read, which says more than a type.
const createClient = {
  url: 'any',
  secret: 'any',
  signingSecret: 'any',
  agentId: 'any',
  fetch: 'function',
  waitSeconds: 'any',
  timeoutSeconds: 'any',
  retrySeconds: 'any',
  patienceSeconds: 'any',
  onReportFailure: 'function',
} satisfies OptionKinds;

/** What each public function takes. */
const optionsOf = {
  createClient,
  requestApproval: ask,
  checkApproval: call,
  getApproval: call,
  requireApproval: requireKinds,
  guard,
  redeem: call,
  reportOutcome: { ...call, beforeEffect: 'boolean' },
  cancel: call,
} satisfies Record<string, OptionKinds>;
export type PublicFunction = keyof typeof optionsOf;

/** @throws TypeError naming the option that the function does not have, or that has another type, and never its value */
export function assertOptions(name: PublicFunction, options: unknown): void {
  if (!isObject(options)) throw new InvalidArgument(`the options of ${name} must be an object`);
  const kinds: OptionKinds = optionsOf[name];
  for (const [option, value] of Object.entries(options)) {
    const kind = Object.hasOwn(kinds, option) ? kinds[option] : undefined;
    if (kind === undefined) throw new InvalidArgument(unknownOption(name, option, Object.keys(kinds)));
    if (value !== undefined && !isOf(kind, value)) {
      throw new InvalidArgument(`${option} of ${name} must be ${nameOf[kind]}`);
    }
  }
}

/** @throws TypeError naming the argument */
export function assertArgument(
  name: PublicFunction,
  argument: string,
  kind: 'string' | 'function',
  value: unknown,
): void {
  if (!isOf(kind, value)) throw new InvalidArgument(`${argument} of ${name} must be ${nameOf[kind]}`);
}

/** @throws TypeError unless it is an object, and no list */
export function assertDetails(details: unknown): void {
  if (!isObject(details)) throw new InvalidArgument('details must be an object');
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const nameOf: Readonly<Record<Kind, string>> = {
  string: 'a string',
  number: 'a finite number',
  boolean: 'true or false',
  function: 'a function',
  signal: 'an AbortSignal',
  any: 'a value',
};

function isOf(kind: Kind, value: unknown): boolean {
  if (kind === 'any') return true;
  if (kind === 'number') return Number.isFinite(value);
  // By its form: the signal of another realm or of a polyfill is one, too.
  if (kind === 'signal') return isObject(value) && 'aborted' in value && 'addEventListener' in value;
  return typeof value === kind;
}

function unknownOption(name: PublicFunction, option: string, known: readonly string[]): string {
  const near = nearest(option, known);
  const hint = near === undefined ? `it takes ${known.join(', ')}` : `did you mean ${near}?`;
  return `${name} has no option ${JSON.stringify(option)}; ${hint}`;
}

// The same but for case and separators, a beginning of the other, or up to two letters apart.
function nearest(option: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const given = plain(option.slice(0, 64));
  const rated = known.map((name) => {
    const other = plain(name);
    const begins = given.length > 2 && (other.startsWith(given) || given.startsWith(other));
    return { name, distance: begins ? Math.min(1, distance(given, other)) : distance(given, other) };
  });
  const [best] = rated.toSorted((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= Math.min(2, given.length / 2) ? best.name : undefined;
}

// How many letters have to be put in, taken out or replaced (Levenshtein).
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
