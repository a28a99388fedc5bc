import type { z } from 'zod';
import { json, type OutsideReply, type OutsideRequest } from '../outside/route.ts';
import { startOutside } from '../outside/server.ts';
import { Coin, usualCoins } from './coins.ts';
import { errorReplies, statusBody } from './errors.ts';

export interface CoinGeckoOptions {
  port?: number;
  /** The key that it wants, in the header of its plan; it can be used without one when left out. */
  apiKey?: string;
  plan?: 'demo' | 'pro';
}

export type CoinGeckoServer = Awaited<ReturnType<typeof startCoinGecko>>;

/** CoinGecko's prices and search. `baseUrl` is what `COINGECKO_BASE_URL` takes; `coins` can be changed under way, or over `/_control/coins`. */
export async function startCoinGecko(options: CoinGeckoOptions = {}) {
  const coins = new Map(usualCoins().map((coin) => [coin.id, coin]));
  const set = (change: z.infer<typeof Change>) => {
    const usual = { symbol: change.id, name: change.id, rank: null, usd: null, ageSeconds: 30 };
    coins.set(change.id, Coin.parse({ ...usual, ...coins.get(change.id), ...change }));
  };
  const keyHeader = `x-cg-${options.plan ?? 'demo'}-api-key`;

  const outside = await startOutside({
    ...(options.port === undefined ? {} : { port: options.port }),
    errorReplies,
    refuse: ({ headers }) =>
      options.apiKey === undefined || headers[keyHeader] === options.apiKey
        ? undefined
        : json(401, statusBody(10_002, 'API Key Missing')),
    notFound: () => json(404, { error: 'Incorrect path.' }),
    controls: {
      coins: (body) => {
        for (const change of [body].flat()) set(Change.parse(change));
      },
    },
    routes: [
      {
        method: 'GET',
        path: '/api/v3/ping',
        handle: () => json(200, { gecko_says: '(V3) To the Moon!' }),
      },
      { method: 'GET', path: '/api/v3/simple/price', handle: (request) => prices(coins, request) },
      { method: 'GET', path: '/api/v3/search', handle: ({ query }) => search(coins, query['query'] ?? '') },
    ],
  });
  return { ...outside, baseUrl: `${outside.url}/api/v3`, coins, set };
}

const Change = Coin.partial().required({ id: true });

function prices(coins: ReadonlyMap<string, Coin>, { query, now }: OutsideRequest): OutsideReply {
  if (query['vs_currencies'] !== 'usd') return json(422, { error: 'Missing parameter vs_currencies' });
  const parts: string[] = [];
  for (const id of (query['ids'] ?? '').split(',')) {
    const coin = coins.get(id);
    if (!coin) continue;
    const updated = Math.floor(now / 1_000 - coin.ageSeconds);
    const withTime = query['include_last_updated_at'] === 'true' ? `,"last_updated_at":${updated}` : '';
    // Written as text: a float would change what it says.
    const price = coin.usd === null ? '{}' : `{"usd":${coin.usd}${withTime}}`;
    parts.push(`${JSON.stringify(id)}:${price}`);
  }
  return { status: 200, body: `{${parts.join(',')}}` };
}

function search(coins: ReadonlyMap<string, Coin>, query: string): OutsideReply {
  const wanted = query.toLowerCase();
  const found = [...coins.values()]
    .filter(({ id, symbol, name }) => [id, symbol, name.toLowerCase()].some((word) => word.includes(wanted)))
    .toSorted((one, other) => (one.rank ?? Infinity) - (other.rank ?? Infinity));
  return json(200, {
    coins: found.map(({ id, name, symbol, rank }) => ({
      id,
      name,
      api_symbol: id,
      symbol: symbol.toUpperCase(),
      market_cap_rank: rank,
      thumb: '',
      large: '',
    })),
    exchanges: [],
    icos: [],
    categories: [],
    nfts: [],
  });
}
