import process from 'node:process';
import { serve } from '@hono/node-server';
import { Queue } from 'bullmq';
import { Hono } from 'hono';
import { Redis } from 'ioredis';

// The peer of the gateway: what anyone writes in ten minutes. No credential, no validation, no log, no limit.
const connection = new Redis(process.env['REDIS_URL'] ?? '', { maxRetriesPerRequest: 1 });
const queue = new Queue('selftest', { connection, prefix: '{actp-selftest}' });

const app = new Hono();
app.post('/v1/jobs/selftest', async (c) => {
  const data: unknown = await c.req.json();
  const job = await queue.add('run-self-test', data);
  return c.json({ job_id: job.id, queue: 'selftest', name: 'run-self-test' }, 202);
});
app.get('/healthz', (c) => c.json({ status: 'ok' }));

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env['GATEWAY_PORT']) });
