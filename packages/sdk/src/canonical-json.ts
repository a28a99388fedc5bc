import { ActpError } from './errors.ts';

/**
 * The one text that a JSON value has under RFC 8785 (JSON Canonicalization Scheme). Properties that are undefined are
 * left out, as JSON.stringify does. Written here because an SDK that guards agents should bring nothing else along.
 *
 * @throws ActpError `invalid_argument` for what is not JSON: NaN, a lone surrogate, a Date, a function, a cycle
 */
export function canonicalJson(value: unknown): string {
  return write(value, 'value', []);
}

function write(value: unknown, path: string, inside: readonly object[]): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return writeText(value, path);
  // ECMAScript writes numbers as RFC 8785 wants them, -0 as 0.
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value !== 'object') return refuse(path);
  if (inside.includes(value)) return refuse(path);
  const within = [...inside, value];
  if (Array.isArray(value)) {
    // Array.from, so that holes are seen.
    return `[${Array.from(value, (item: unknown, at) => write(item, `${path}[${at}]`, within)).join()}]`;
  }
  if (!isPlain(value)) return refuse(path);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  // By UTF-16 code units, which is how JavaScript compares strings.
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${writeText(key, path)}:${write(member, `${path}.${key}`, within)}`).join()}}`;
}

function writeText(text: string, path: string): string {
  return /\p{Surrogate}/u.test(text) ? refuse(path) : JSON.stringify(text);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  // An object of another realm (a worker, a vm) has another Object.prototype; none of them has a prototype itself.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function refuse(path: string): never {
  throw new ActpError('invalid_argument', `${path} is not a JSON value`);
}
