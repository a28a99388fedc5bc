import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import type { AppEnv, Caller } from '../../app-env.ts';
import { watchCredential } from '../../auth/watch-credential.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { readApprovalRoute } from './read.ts';

const id = '7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11';
const email = 'op@example.com';
const operator: Caller = { kind: 'operator', id, email, session: 'the-session' };

type Handle = (c: unknown, caller: Caller) => Promise<Response>;

/** The route, with one approval that is and stays as the test says. */
function serveOne(status: 'pending' | 'approved') {
  const seen = { asked: 0, looks: 0, ended: 0 };
  const approval = { id, status, version: 1, agent_id: 'buyer', source: 'http' };
  const hub = {
    announce: () => undefined,
    close: () => undefined,
    closing: new AbortController().signal,
    follow: () => ({
      look: async () => ((seen.looks += 1), approval as never),
      changed: (over: AbortSignal) =>
        new Promise<boolean>((resolve) => {
          if (over.aborted) return resolve(false);
          over.addEventListener('abort', () => resolve(false), { once: true });
        }),
      end: () => void (seen.ended += 1),
    }),
  };
  const sessions = {
    read: async () => {
      seen.asked += 1;
      return { id, email, name: null, role: 'operator' } as const;
    },
    invalidate: () => undefined,
  };
  const route: { handle?: Handle } = {};
  // What the route declares is of no interest here; its handler is.
  const serve = ((_: unknown, handle: Handle) => (route.handle = handle)) as unknown as ServeRoute;
  readApprovalRoute(serve, { hub, sessions });
  const app = new Hono<AppEnv>();
  app.get('/', async (c) => {
    c.req.addValidatedData('param', { id });
    c.req.addValidatedData('header', { prefer: 'wait=55' });
    return (await route.handle?.(c, operator)) ?? c.notFound();
  });
  return { app, seen };
}

/** Resolves when a session that is watched from now on was looked at: one that was watched before would have been as well. */
async function nextLookAtSessions(): Promise<void> {
  let looks = 0;
  const read = async () => {
    looks += 1;
    return undefined;
  };
  const watch = watchCredential({ read }, operator);
  await eventually(() => looks > 0, { within: 10_000 });
  watch.stop();
}

describe('a wait for an approval', () => {
  it('watches no session any more once it was answered', async () => {
    const { app, seen } = serveOne('approved');
    const answer = await app.request('/');
    expect([answer.status, answer.headers.get('preference-applied')]).toEqual([200, 'wait=55']);
    await nextLookAtSessions();
    expect(seen).toEqual({ asked: 0, looks: 1, ended: 1 });
  });

  it('ends when its client leaves', async () => {
    const { app, seen } = serveOne('pending');
    const client = new AbortController();
    const answer = app.request('/', { signal: client.signal });
    await eventually(() => seen.looks > 0);
    client.abort();
    // Long before the time that it would have waited.
    await nextLookAtSessions();
    expect(seen).toMatchObject({ looks: 1, ended: 1 });
    const { asked } = seen;
    await nextLookAtSessions();
    expect(seen.asked).toBe(asked);
    await answer;
  });
});
