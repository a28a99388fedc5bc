import { fetchCoinGecko } from './coingecko/fetch.ts';
import { chooseCoin, type Coin } from './coingecko/choose-coin.ts';
import { readCoins, readPrice, type Price } from './coingecko/read.ts';
import { ProviderError, type ProviderErrorKind } from './provider-error.ts';

export interface CoinGeckoOptions {
  baseUrl: string;
  /** It works without one, at a low rate. */
  apiKey?: string | undefined;
  timeoutMs?: number;
}

const worthAnotherTry: ReadonlySet<ProviderErrorKind> = new Set(['unavailable', 'unreadable']);

export type CoinGecko = ReturnType<typeof createCoinGecko>;

/** Prices of coins. A coin is what its id says: many share a symbol. */
export function createCoinGecko({ baseUrl, apiKey, timeoutMs = 8_000 }: CoinGeckoOptions) {
  /** Reads, twice when the first answer was lost or damaged. */
  const get = async <T>(
    path: string,
    query: Record<string, string>,
    signal: AbortSignal,
    read: (text: string) => T,
  ): Promise<T> => {
    const once = async () => read(await fetchCoinGecko({ baseUrl, apiKey, timeoutMs, path, query, signal }));
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof ProviderError) || !worthAnotherTry.has(error.kind)) throw error;
      return once();
    }
  };

  return {
    /**
     * The coin that a person means by an id, a name or a symbol.
     *
     * @throws ProviderError when there is none, or several that it may be; the message lists their ids
     */
    async find(text: string, signal: AbortSignal): Promise<Coin> {
      const wanted = text.trim().replace(/^\$/, '').replaceAll(/\s+/g, ' ');
      if (!/^[\p{L}\p{N}._ -]{1,60}$/u.test(wanted)) {
        throw new ProviderError('refused', 'That is not the name, symbol or id of a coin.');
      }
      return chooseCoin(wanted, await get('/search', { query: wanted }, signal, readCoins));
    },

    /**
     * What one of a coin costs.
     *
     * @param id as `find` says it
     * @throws ProviderError also when it has no price, which is never read as 0
     */
    async price(id: string, signal: AbortSignal): Promise<Price> {
      const query = { ids: id, vs_currencies: 'usd', include_last_updated_at: 'true', precision: 'full' };
      return get('/simple/price', query, signal, (text) => readPrice(id, text));
    },
  };
}
