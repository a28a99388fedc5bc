import { z } from '@hono/zod-openapi';
import { createSpend } from '@actp/services/spend/spend';
import type { AppDeps } from '../app-deps.ts';
import { namedSchema } from '../http/named-schema.ts';
import type { ServeRoute } from '../http/serve-route.ts';

const daysShown = 30;

const Amount = z.number().nonnegative().openapi({ description: 'USD' });

const Spending = namedSchema(
  'Spending',
  z.object({
    currency: z.literal('USD'),
    day: z.iso.date(),
    spent: Amount,
    reserved: Amount,
    budget: Amount,
    by_agent: z.record(z.string(), Amount),
    by_day: z.array(z.object({ day: z.iso.date(), spent: Amount, reserved: Amount })),
  }),
);

/** The database counts whole cents; a number of dollars is the nearest there is, and is written with its two digits. */
const usd = (minor: number) => minor / 100;

/** `GET /v1/spending`: what one's own tasks have spent and reserved. */
export function spendingRoute(serve: ServeRoute, deps: Pick<AppDeps, 'db' | 'config'>): void {
  const spend = createSpend(deps.db);
  serve(
    {
      operationId: 'readSpending',
      callers: ['user', 'operator'],
      audit: 'none',
      method: 'get',
      path: '/v1/spending',
      summary: 'What your tasks have spent and reserved',
      tags: ['tasks'],
      responses: {
        200: {
          description: `Today (UTC), by agent, and of the last ${daysShown} days those on which there was something, newest first`,
          content: { 'application/json': { schema: Spending } },
        },
      },
    },
    async (c, caller) => {
      const [today, days] = await Promise.all([spend.read(caller.id), spend.readDays(caller.id, daysShown)]);
      return c.json(
        {
          currency: 'USD' as const,
          day: today.day,
          spent: usd(today.spent_minor),
          reserved: usd(today.reserved_minor),
          budget: deps.config.dailyBudget,
          by_agent: Object.fromEntries(
            Object.entries(today.by_agent).map(([agent, minor]) => [agent, usd(minor)]),
          ),
          by_day: days.map(({ day, spent_minor, reserved_minor }) => ({
            day,
            spent: usd(spent_minor),
            reserved: usd(reserved_minor),
          })),
        },
        200,
      );
    },
  );
}
