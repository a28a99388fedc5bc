import { ExactNumber, parseExactly, type ExactJson } from '@actp/shared/exact-json';
import { isZero, plainDecimal } from '@actp/shared/money';
import { z } from 'zod';
import { parseJson } from '../http/parse-json.ts';
import { ProviderError } from '../provider-error.ts';
import type { RankedCoin } from './choose-coin.ts';

export interface Price {
  /** Exactly as it was told: a decimal text. */
  usd: string;
  /** When it was true, in milliseconds. */
  updatedAt: number;
}

const idForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$/;

/** @throws ProviderError */
export function readPrice(id: string, text: string): Price {
  const coin = member(exactly(text), id);
  // A coin that is not known is missing; one without a price is empty.
  const usd = member(coin, 'usd');
  if (usd === undefined || usd === null) {
    throw new ProviderError('refused', `CoinGecko has no price for ${shown(id)}.`);
  }
  const updated = member(coin, 'last_updated_at');
  if (!(usd instanceof ExactNumber) || !(updated instanceof ExactNumber)) throw unreadable();
  const seconds = Number(updated.text);
  if (!Number.isSafeInteger(seconds) || seconds <= 0) throw unreadable();
  return { usd: positive(usd.text), updatedAt: seconds * 1_000 };
}

const Found = z.object({
  coins: z.array(
    z.object({
      id: z.string(),
      symbol: z.string(),
      name: z.string(),
      market_cap_rank: z.int().min(1).nullish(),
    }),
  ),
});

/**
 * What a search has found. Names and symbols are anybody's text.
 *
 * @throws ProviderError
 */
export function readCoins(text: string): RankedCoin[] {
  const found = Found.safeParse(parseJson(text));
  if (!found.success) throw unreadable();
  return found.data.coins
    .filter(({ id }) => idForm.test(id))
    .map(({ id, symbol, name, market_cap_rank: rank }) => ({
      id,
      symbol: shown(symbol),
      name: shown(name),
      rank: rank ?? undefined,
    }));
}

function exactly(text: string): ExactJson {
  try {
    return parseExactly(text);
  } catch {
    throw unreadable();
  }
}

function member(json: ExactJson | undefined, name: string): ExactJson | undefined {
  if (typeof json !== 'object' || json === null || json instanceof ExactNumber) return undefined;
  // An object or an array of parsed JSON.
  return Object.hasOwn(json, name) ? (json as Record<string, ExactJson>)[name] : undefined;
}

function positive(text: string): string {
  try {
    const price = plainDecimal(text);
    if (!isZero(price)) return price;
  } catch {
    // Negative, or of a size that is no price.
  }
  throw unreadable();
}

const shown = (text: string): string => text.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '').slice(0, 60);

const unreadable = () =>
  new ProviderError('unreadable', 'CoinGecko gave an answer that cannot be read. Try again later.');
