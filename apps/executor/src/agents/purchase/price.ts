import type { CoinGecko } from '@actp/providers/coingecko';
import { ProviderError } from '@actp/providers/provider-error';
import { TaskError } from '../task-error.ts';

export interface PriceDeps {
  coingecko: CoinGecko;
  now: () => number;
}

export interface PriceNow {
  usd: string;
  /** ISO 8601 */
  at: string;
  /** Below 0 when the clock of the service is ahead. */
  ageSeconds: number;
}

/** How old a price may be that something is paid by, in seconds: five minutes, as its source renews it about every one. */
const freshForSeconds = 300;

/** @throws TaskError when there is none */
async function priceOf({ coingecko, now }: PriceDeps, id: string, signal: AbortSignal): Promise<PriceNow> {
  const { usd, updatedAt } = await lookedUp(coingecko.price(id, signal));
  return {
    usd,
    at: new Date(updatedAt).toISOString(),
    ageSeconds: Math.round((now() - updatedAt) / 1_000),
  };
}

/** A price from the past says nothing of now, and neither does one from the future. */
const isStale = ({ ageSeconds }: PriceNow): boolean => Math.abs(ageSeconds) > freshForSeconds;

/**
 * The price of now.
 *
 * @throws TaskError when there is none, or only that of another time: nothing is planned or paid by it
 */
export async function freshPriceOf(deps: PriceDeps, id: string, signal: AbortSignal): Promise<PriceNow> {
  const price = await priceOf(deps, id, signal);
  if (isStale(price)) {
    const message = `The price of ${id} is of ${price.at}, which is not now: nothing was paid. Try again later.`;
    throw new TaskError('price_stale', message);
  }
  return price;
}

/** The result of a look, or a reason for the person that there is none. */
export async function lookedUp<T>(look: Promise<T>): Promise<T> {
  try {
    return await look;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const code = error.kind === 'refused' ? 'asset_unclear' : 'price_unavailable';
    throw new TaskError(code, error.message, { cause: error });
  }
}
