import { Hono } from 'hono';
import { expect, it } from 'vitest';
import type { AuditRow } from '@actp/shared/audit/event';
import type { AppEnv } from '../app-env.ts';
import { createSecurityEvents } from './security-events.ts';

const addressOf = (n: number) => `198.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;

it('a flood of refusals from ever new addresses is no flood of rows, and is counted to the last one', async () => {
  const rows: AuditRow[] = [];
  const events = createSecurityEvents({
    audit: {
      record: () => Promise.resolve(),
      write: () => Promise.resolve(),
      writeLater: (row) => void rows.push(row),
      settled: () => Promise.resolve(),
    },
  });
  const app = new Hono<AppEnv>();
  app.get('/:n', (c) => {
    c.set('clientIp', addressOf(Number(c.req.param('n'))));
    c.set('requestId', 'id');
    events.note(c, 'security.forbidden');
    return c.body(null, 403);
  });
  const clients = 12_000;
  for (let n = 0; n < clients; n += 1) await app.request(`/${n}`, {}, { incoming: { headers: {} } });
  events.close();
  expect(rows.length).toBeLessThan(10_010);
  const counted = rows.map(({ result }) => (result as { count: number }).count);
  expect(counted.reduce((sum, count) => sum + count, 0)).toBe(clients);
});
