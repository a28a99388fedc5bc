import { isMostlyPlaceholder, placeholder } from './placeholder.ts';
import { createKnownValues, type KnownValues } from './engine/known-values.ts';
import { looksRandom, looksSecret } from './engine/entropy.ts';
import { classifyName, type NameClass } from './names.ts';
import { redact, redactKnowing, replaceKnown } from './redact.ts';

// Deeper structures are cut: nothing that we write is nested that far, and a hostile payload may be.
const maxDepth = 32;

/**
 * Redacts structured data: strings by their content, and whatever stands under a secret-like name. A name is a key, the
 * `name` or `key` beside a `value`, or the first of a pair. A value that is a secret in one place is taken out in all of them.
 *
 * @param value anything that can be written as JSON; errors and dates are kept readable, maps and headers become objects,
 *   sets lists, bytes their number; cycles are cut
 * @returns a copy, or the value itself when it is flat and has nothing to hide; the original is not touched
 */
export function redactValue<T>(value: T): T {
  if (isFlat(value) && isHarmless(value)) return value;
  const known = createKnownValues();
  const first = copy({ known, above: new Set() }, value, 0, undefined);
  // The copy has the shape of the original, with strings replaced by strings.
  return (known.isEmpty() ? first : withoutKnown(first, known)) as T;
}

interface Copying {
  known: KnownValues;
  /** What the object at hand stands in. */
  above: Set<object>;
}

// What was found at one place of the structure is taken out at all others. It is a copy without cycles by now.
function withoutKnown(value: unknown, known: KnownValues): unknown {
  if (typeof value === 'string') return replaceKnown(value, known);
  if (Array.isArray(value)) return value.map((item) => withoutKnown(item, known));
  if (!isFlat(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [replaceKnown(key, known), withoutKnown(item, known)]),
  );
}

// Most of what is written: a few fields, none of them a structure.
function isFlat(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isHarmless(fields: Record<string, unknown>): boolean {
  for (const key of Object.keys(fields)) {
    const item = fields[key];
    if (typeof item === 'string') {
      if (!isOrdinary(key) || isPairValue(key) || redact(item) !== item) return false;
    } else if (typeof item !== 'number' && typeof item !== 'boolean' && item !== undefined) return false;
    else if (!isOrdinary(key)) return false;
  }
  return true;
}

const isPairValue = (key: string) => key === 'value' || key === 'Value';

function isOrdinary(key: string): boolean {
  const { written, secret } = fieldName(key);
  return written === key && secret === undefined;
}

/** @param under what the name above says of strings there */
function copy(to: Copying, value: unknown, depth: number, under: NameClass | undefined): unknown {
  const { above, known } = to;
  if (typeof value === 'string') {
    return under !== undefined && isSecretUnder(under, value)
      ? hide(value, under, known)
      : redactKnowing(value, known);
  }
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return under?.numbers === true ? hide(String(value), under, known) : value;
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  if (depth >= maxDepth || above.has(value)) return '[cut]';
  above.add(value);
  try {
    return copyObject(to, value, depth, under);
  } finally {
    above.delete(value);
  }
}

// Whatever it looks like; under a name of several, which may be one of names, when it looks random.
const isSecretUnder = ({ strong, several }: NameClass, value: string) =>
  strong || (several === true && looksSecret(value));

function copyObject(to: Copying, value: object, depth: number, under: NameClass | undefined): unknown {
  const inner = (item: unknown, name?: NameClass) => copy(to, item, depth + 1, name);
  if (value instanceof Error) return copyError(value, inner, to.known);
  if (Array.isArray(value)) return copyList(value, inner, under);
  if (value instanceof Set) return copyList([...value], inner, under);
  if (value instanceof URL) return redactKnowing(value.href, to.known);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof Map || isPairs(value)) return copyPairs(value, inner);
  return copyFields(value, inner);
}

type Inner = (item: unknown, name?: NameClass) => unknown;

function copyFields(value: object, inner: Inner): unknown {
  const paired = pairName(value);
  const entries = Object.entries(value).map(([key, item]) => {
    const { written, secret } = fieldName(key);
    return [written, inner(item, secret ?? (isPairValue(key) ? paired : undefined))];
  });
  return Object.fromEntries(entries);
}

// {"name": "API_TOKEN", "value": "..."} as manifests, forms and header lists have it.
function pairName(value: object): NameClass | undefined {
  if (!('value' in value || 'Value' in value)) return undefined;
  for (const field of ['name', 'key', 'Name', 'Key', 'header']) {
    const name: unknown = Reflect.get(value, field);
    if (typeof name === 'string') return fieldName(name).secret;
  }
  return undefined;
}

// ['Authorization', '...'], alone or after one another as in Node's rawHeaders; a list under a secret name is one of secrets.
function copyList(list: readonly unknown[], inner: Inner, under: NameClass | undefined): unknown[] {
  return list.map((item, index) =>
    inner(item, under ?? (index % 2 === 1 ? pairedWith(list[index - 1], item) : undefined)),
  );
}

// A list of words may hold "password" as well: then the next one is a word.
function pairedWith(name: unknown, item: unknown): NameClass | undefined {
  if (typeof name !== 'string' || typeof item !== 'string' || !/^[A-Za-z][\w-]{2,60}$/.test(name))
    return undefined;
  return looksRandom(item) || /[^A-Za-z]/.test(item) ? fieldName(name).secret : undefined;
}

interface Pairs {
  entries(): Iterable<readonly [unknown, unknown]>;
}

// Headers, URLSearchParams, FormData.
function isPairs(value: object): value is Pairs {
  return value instanceof Headers || value instanceof URLSearchParams || value instanceof FormData;
}

function copyPairs(pairs: Pairs | Map<unknown, unknown>, inner: Inner): unknown {
  const entries = [...pairs.entries()].map(([key, item]) => {
    const { written, secret } = fieldName(typeof key === 'string' ? key : JSON.stringify(inner(key)));
    return [written, inner(item, secret)];
  });
  return Object.fromEntries(entries);
}

function hide(value: string, { kind }: NameClass, known: KnownValues): string {
  const rest = redact(value);
  // What is hidden already, or only stands for a secret, keeps saying so.
  if (value === '' || isMostlyPlaceholder(rest)) return rest;
  known.add(value, kind);
  return placeholder(kind, value);
}

interface FieldName {
  /** As it may be shown. */
  written: string;
  /** What it says when strings under it are or may be secrets. */
  secret: NameClass | undefined;
}

const fieldNames = new Map<string, FieldName>();
// Our own names come again and again; those of payloads are anybody's, and must not fill the memory.
const rememberedNames = 1_000;
const rememberedLength = 64;

function fieldName(key: string): FieldName {
  const known = fieldNames.get(key);
  if (known) return known;
  const named = classifyName(key.slice(0, 256));
  const name = {
    written: redact(key),
    secret: named?.strong === true || named?.several === true ? named : undefined,
  };
  if (fieldNames.size < rememberedNames && key.length <= rememberedLength) fieldNames.set(key, name);
  return name;
}

function copyError(error: Error, inner: Inner, known: KnownValues): unknown {
  return {
    type: error.name,
    message: redactKnowing(error.message, known),
    ...(error.stack === undefined ? {} : { stack: redactKnowing(error.stack, known) }),
    ...('code' in error ? { code: inner(error.code) } : {}),
    ...(error.cause === undefined ? {} : { cause: inner(error.cause) }),
    ...(error instanceof AggregateError ? { errors: inner(error.errors) } : {}),
  };
}
