import { ProviderError } from '../provider-error.ts';

export interface Coin {
  id: string;
  symbol: string;
  name: string;
}
export interface RankedCoin extends Coin {
  /** By market capitalisation, from 1. */
  rank: number | undefined;
}

/** How many times as far down the ranks the next coin of the same symbol must be. */
const clearlyAhead = 10;
const listedAtMost = 5;

/**
 * The coin that is meant: the one with this id, else with this name, else with this symbol. When several share it, the one that is
 * clearly larger than all the others.
 *
 * @throws ProviderError that lists ids, when it is not clear
 */
export function chooseCoin(text: string, coins: readonly RankedCoin[]): Coin {
  const wanted = text.toLowerCase();
  const exact =
    [
      coins.filter(({ id }) => id.toLowerCase() === wanted),
      coins.filter(({ name }) => name.toLowerCase() === wanted),
      coins.filter(({ symbol }) => symbol.toLowerCase() === wanted),
    ].find((found) => found.length > 0) ?? [];
  const [best, next] = exact.toSorted((one, other) => rankOf(one) - rankOf(other));
  if (best && (next === undefined || rankOf(next) >= rankOf(best) * clearlyAhead)) {
    if (next === undefined || best.rank !== undefined) {
      return { id: best.id, symbol: best.symbol, name: best.name };
    }
  }
  const ids = (exact.length > 0 ? exact : coins).slice(0, listedAtMost).map(({ id }) => id);
  if (exact.length > 0) {
    throw new ProviderError(
      'refused',
      `Several coins are called ${text}. Write the id of one: ${ids.join(', ')}.`,
    );
  }
  const similar = ids.length > 0 ? ` Ids of similar ones: ${ids.join(', ')}.` : '';
  throw new ProviderError('refused', `CoinGecko knows no coin called ${text}.${similar}`);
}

const rankOf = ({ rank }: RankedCoin): number => rank ?? Infinity;
