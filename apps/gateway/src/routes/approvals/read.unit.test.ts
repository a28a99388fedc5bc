import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import type { AppEnv, Caller } from '../../app-env.ts';
import { followed, id, nextLookAtSessions, operator } from '../../http/followed.fixture.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { readApprovalRoute } from './read.ts';

type Handle = (c: unknown, caller: Caller) => Promise<Response>;

/** The route, with one approval that is and stays as the test says. */
function serveOne(status: 'pending' | 'approved') {
  const approval = { id, status, version: 1, agent_id: 'buyer', source: 'http' };
  const { seen, hub, sessions } = followed({ look: async () => approval as never });
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
