import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { openStores } from '@actp/testing/stores';
import { issueToken } from '../auth/session-token.ts';
import { openGateway, sessionSecret } from '../gateway.fixture.ts';

// Takes connections and never says a word.
const silent = createServer((socket) => atEnd(() => void socket.destroy())).listen(0, '127.0.0.1');
await once(silent, 'listening');
atEnd(() => void silent.close());
const { port } = silent.address() as AddressInfo; // what a TCP server has

const gateway = await openGateway(await openStores(), { SUPABASE_URL: `http://127.0.0.1:${port}` });
const token = await issueToken(sessionSecret, {
  id: randomUUID(),
  session: randomUUID(),
  kind: 'api',
  seconds: 3_600,
});

// The patience that checking many rows needs is 10 s.
it.each(['verify', 'summary'])(
  '[I4] %s does not wait long for a database that says nothing',
  async (what) => {
    const answer = await gateway.fetch(`/v1/audit/${what}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(240_000),
    });
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  },
);
