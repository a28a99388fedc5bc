import { z } from 'zod';

export const Coin = z.object({
  id: z.string(),
  symbol: z.string(),
  name: z.string(),
  /** By market capitalisation; null when it has none. */
  rank: z.int().nullable(),
  /** As it is written into the answer, without a float between; null for a coin without a price. */
  usd: z
    .string()
    .regex(/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/)
    .nullable(),
  /** How old the price is. */
  ageSeconds: z.number(),
});
export type Coin = z.infer<typeof Coin>;

const coin = (id: string, symbol: string, name: string, rank: number | null, usd: string | null): Coin => ({
  id,
  symbol,
  name,
  rank,
  usd,
  ageSeconds: 30,
});

/** Some well-known ones, two with the same symbol, and one without a price. */
export const usualCoins = (): Coin[] => [
  coin('bitcoin', 'btc', 'Bitcoin', 1, '76975'),
  coin('ethereum', 'eth', 'Ethereum', 2, '2543.21'),
  coin('solana', 'sol', 'Solana', 6, '141.0737'),
  coin('bitcoin-pegged', 'btc', 'Pegged Bitcoin', null, '76900.5'),
  coin('shiba-inu', 'shib', 'Shiba Inu', 24, '1.2345e-05'),
  coin('orbit-one', 'orb', 'Orbit One', 310, '0.52'),
  coin('orbit-two', 'orb', 'Orbit Two', 480, '3.1'),
  coin('asleep', 'zzz', 'Asleep', null, null),
];
