import { mayHoldSecret, secretPatterns, valueAfterSecretName } from './redact-patterns.ts';

// Names under which a string is a secret whatever it looks like.
const secretName =
  /passw(?:or)?d|passphrase|secret|(?:^|[_-]|\b|[a-z])token$|api[_-]?key|access[_-]?key|private[_-]?key|service[_-]?role[_-]?key|authorization|^cookie$|set-cookie|credential/i;
// Deeper structures are cut: nothing that we write is nested that far, and a hostile payload may be.
const maxDepth = 32;

/**
 * Takes secrets out of text that is about to leave (log, error, row, message, prompt).
 * Time is linear in the length: every pattern is bounded and cannot start twice in the same run of characters.
 *
 * @returns the text with each secret replaced by `[redacted:<kind>]`
 */
export function redact(text: string): string {
  if (!mayHoldSecret(text)) return text;
  let result = text;
  for (const { kind, hint, pattern } of secretPatterns) {
    if (!hint.test(result)) continue;
    // A pattern without group 1 gives the match's offset in its place.
    result = result.replace(pattern, (_match, lead: unknown) =>
      typeof lead === 'string' ? `${lead}[redacted:${kind}]` : `[redacted:${kind}]`,
    );
  }
  return valueAfterSecretName(result);
}

/**
 * Redacts structured data: strings by their content, and whatever stands under a secret-like key by its name.
 *
 * @param value anything that can be written as JSON; errors and dates are kept readable, cycles are cut
 * @returns a copy, or the value itself when it is flat and has nothing to hide; the original is not touched
 */
export function redactValue<T>(value: T): T {
  if (isFlat(value) && Object.entries(value).every(isHarmless)) return value;
  // The copy has the shape of the original, with strings replaced by strings.
  return copy(value, 0, new Set()) as T;
}

// Most of what is written: a few fields, none of them a structure.
function isFlat(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isHarmless([key, item]: [string, unknown]): boolean {
  if (typeof item === 'number' || typeof item === 'boolean' || item === undefined) return isOrdinary(key);
  return typeof item === 'string' && isOrdinary(key) && !mayHoldSecret(item);
}

function isOrdinary(key: string): boolean {
  const { written, secret } = fieldName(key);
  return written === key && !secret;
}

function copy(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Date) return value;
  if (depth >= maxDepth || above.has(value)) return '[cut]';
  above.add(value);
  try {
    if (value instanceof Error) return copyError(value, depth, above);
    if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1, above));
    const entries = Object.entries(value).map(([key, item]) => {
      const { written, secret } = fieldName(key);
      const hidden = secret && typeof item === 'string' && item !== '';
      return [written, hidden ? '[redacted]' : copy(item, depth + 1, above)];
    });
    return Object.fromEntries(entries);
  } finally {
    above.delete(value);
  }
}

interface FieldName {
  /** As it may be shown. */
  written: string;
  /** Whether a string under it is a secret whatever it looks like. */
  secret: boolean;
}

const fieldNames = new Map<string, FieldName>();
// Our own names come again and again; those of payloads are anybody's, and must not fill the memory.
const rememberedNames = 1_000;
const rememberedLength = 64;

function fieldName(key: string): FieldName {
  const known = fieldNames.get(key);
  if (known) return known;
  const name = { written: redact(key), secret: secretName.test(key) };
  if (fieldNames.size < rememberedNames && key.length <= rememberedLength) fieldNames.set(key, name);
  return name;
}

function copyError(error: Error, depth: number, above: Set<object>): unknown {
  return {
    type: error.name,
    message: redact(error.message),
    ...(error.stack === undefined ? {} : { stack: redact(error.stack) }),
    ...('code' in error ? { code: copy(error.code, depth + 1, above) } : {}),
    ...(error.cause === undefined ? {} : { cause: copy(error.cause, depth + 1, above) }),
  };
}
