import { ExactNumber, parseExactly, type ExactJson } from '@actp/shared/exact-json';

type Fields = { readonly [key: string]: ExactJson };

// As words of a name: `amount`, `unit_price`, `totalCost`, `amountusd`, `BUDGET_USD`.
const money =
  /^(?:amounts?|prices?|totals?|subtotals?|costs?|sums?|budgets?|fees?|payments?|usd|eur|(?:amount|price|total|cost).*)$/;
const recipients =
  /^(?:to|cc|bcc|payees?|beneficiar(?:y|ies)|address(?:es|ees?)?|destinations?|receivers?|iban|wallets?|recipient.*)$/;
// Deeper than the gateway lets in.
const maxDepth = 64;

/**
 * Details in the order in which people are to read them: money first, then who gets something, then the rest; within each of them as they
 * were sent. An object or a list stands where the most important thing in it would. Nothing is left out or changed.
 *
 * @param order JSON in the order in which they were sent; null when nobody knows it
 */
export function inReadingOrder(details: Fields, order: string | null): Fields {
  return sorted(details, order === null ? undefined : readOrder(order), 0) as Fields;
}

function readOrder(order: string): ExactJson | undefined {
  try {
    return parseExactly(order);
  } catch {
    return undefined;
  }
}

function sorted(value: ExactJson, sent: ExactJson | undefined, depth: number): ExactJson {
  if (depth > maxDepth) return value;
  if (isList(value)) {
    const items = sent !== undefined && isList(sent) ? sent : [];
    return value.map((item, index) => sorted(item, items[index], depth + 1));
  }
  if (!isFields(value)) return value;
  const sentFields = sent !== undefined && isFields(sent) ? sent : {};
  const places = new Map(Object.keys(sentFields).map((key, place) => [key, place]));
  const entries = Object.entries(value).map(([key, item]) => ({
    entry: [key, sorted(item, own(sentFields, key), depth + 1)] as const,
    rank: rankOf(key, item, depth),
    place: places.get(key) ?? Infinity,
  }));
  const inOrder = entries.toSorted(
    (a, b) => a.rank - b.rank || (a.place === b.place ? 0 : a.place - b.place),
  );
  return Object.fromEntries(inOrder.map(({ entry }) => entry));
}

const other = 2;

// 0: money, 1: a recipient, 2: anything else.
function rankOf(key: string, value: ExactJson, depth: number): number {
  const rank = rankOfName(key);
  if (rank === 0 || depth > maxDepth) return rank;
  if (isList(value)) return Math.min(rank, ...firstOf(value).map((item) => rankOf('', item, depth + 1)));
  if (!isFields(value)) return rank;
  return Object.entries(value).reduce(
    (least, [inner, item]) => Math.min(least, rankOf(inner, item, depth + 1)),
    rank,
  );
}

// What a list holds shows with its first items; there may be thousands.
const firstOf = (list: readonly ExactJson[]) => list.slice(0, 10);

function rankOfName(key: string): number {
  const words = key
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
  if (words.some((word) => money.test(word))) return 0;
  return words.some((word) => recipients.test(word)) ? 1 : other;
}

const own = (fields: Fields, key: string) => (Object.hasOwn(fields, key) ? fields[key] : undefined);

function isList(value: ExactJson): value is readonly ExactJson[] {
  return Array.isArray(value);
}

function isFields(value: ExactJson): value is Fields {
  return typeof value === 'object' && value !== null && !isList(value) && !(value instanceof ExactNumber);
}
