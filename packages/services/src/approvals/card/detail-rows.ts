import { ExactNumber, type ExactJson } from '@actp/shared/exact-json';
import { currencyOf, moneyText } from './money.ts';
import type { CardWarnings } from './card-warnings.ts';
import { row, type Row } from './row.ts';
import { shownMasked } from './shown.ts';
import { barredRows, isInline, stringRows } from './string-rows.ts';

// Deeper than the gateway lets in.
const maxDepth = 64;
// Longer names stand above their value.
const labelLength = 200;

type Fields = { readonly [key: string]: ExactJson };

// Marks what is a detail: a name that comes from outside must not pass for one of our own.
const bullet = '▪ ';

/** Every detail of a payload on a row of its own, under its full name: `▪ recipients #2.name: “Ann”`. */
export function* detailRows(details: Fields, warnings: CardWarnings): Generator<Row> {
  const entries = Object.entries(details);
  if (entries.length === 0) yield row(`${bullet}(none)`);
  for (const [key, value] of entries)
    yield* valueRows(nameOfKey(key, warnings), key, value, details, warnings, 1);
}

function* valueRows(
  name: string,
  key: string,
  value: ExactJson,
  beside: Fields,
  warnings: CardWarnings,
  depth: number,
): Generator<Row> {
  if (depth > maxDepth) {
    warnings.incomplete = true;
    yield row(`${bullet}(nested too deeply to show)`);
    return;
  }
  const label = yield* labelRows(name);
  if (typeof value === 'string') {
    yield* stringRows({ bold: label }, shownMasked(value, warnings, key), value);
  } else if (value instanceof ExactNumber) {
    const currency = currencyOf(key, beside);
    yield row({ bold: label }, ': ', currency === undefined ? value.text : moneyText(value, currency));
  } else if (value === null || typeof value === 'boolean') {
    yield row({ bold: label }, `: ${String(value)}`);
  } else if (isList(value)) {
    yield row({ bold: label }, value.length === 0 ? ': (empty list)' : `: list of ${value.length}`);
    for (const [index, item] of value.entries()) {
      yield* valueRows(`${name} #${index + 1}`, '', item, {}, warnings, depth + 1);
    }
  } else {
    const entries = Object.entries(value);
    if (entries.length === 0) yield row({ bold: label }, ': (empty object)');
    for (const [inner, item] of entries) {
      yield* valueRows(`${name}.${nameOfKey(inner, warnings)}`, inner, item, value, warnings, depth + 1);
    }
  }
}

// A name that could pass for something else stands alone, as foreign text does; the value then follows an arrow.
function* labelRows(name: string): Generator<Row, string> {
  if (name.length <= labelLength && isInline(name)) return `${bullet}${name}`;
  yield* barredRows(name);
  return `${bullet}↳`;
}

// Names come from outside too: what is no plain word is quoted.
function nameOfKey(key: string, warnings: CardWarnings): string {
  const name = shownMasked(key, warnings);
  return /^[A-Za-z_][\w-]{0,63}$/.test(name) ? name : JSON.stringify(name);
}

function isList(value: ExactJson): value is readonly ExactJson[] {
  return Array.isArray(value);
}
