import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAcdServer, type AcdServer } from '@actp/testing/acd/server';
import { json } from '@actp/testing/outside/route';
import { startOutside } from '@actp/testing/outside/server';
import { createAcdClient } from './acd-client.ts';

let acd: AcdServer;
beforeEach(async () => {
  acd = await createAcdServer({ work: () => new Promise(() => undefined), token: 'token-of-this-test' });
});
afterEach(() => acd.stop());

const client = (token: string | undefined = 'token-of-this-test') =>
  createAcdClient({ url: acd.url, token, callMs: 1_000 });

describe('[SEC-007] the ACD client', () => {
  it('starts a run with the prompt, sees it, is told of another, and stops it', async () => {
    const started = await client().start('repair it');
    expect(started).toMatchObject({
      kind: 'started',
      pid: expect.any(Number),
      startedAt: expect.any(String),
    });
    expect(acd.harness.runs[0]?.body).toMatchObject({
      prompt: 'repair it',
      continuous: false,
      maxSessions: 3,
    });
    expect(await client().start('again')).toEqual({ kind: 'busy' });
    expect(await client().stop()).toBe(true);
  });

  it.each(['reset', 'garbage', 'empty', 'huge', 'hang'] as const)(
    'does not know whether a start was carried out whose answer is lost (%s)',
    async (effect) => {
      acd.faults.add({ path: '/api/harness/start', effect, when: 'after' });
      acd.faults.add({ path: '/api/status', effect });
      expect(await client().start('x')).toMatchObject({ kind: 'unknown' });
      expect(await client().status()).toMatchObject({ kind: 'away' });
      expect(acd.harness.runs).toHaveLength(1);
    },
  );

  it.each([502, 503, 504])('does not know it either when somebody in between answers %i', async (code) => {
    acd.faults.add({ path: '/api/harness/start', effect: 'error', code, message: 'no' });
    expect(await client().start('x')).toMatchObject({ kind: 'unknown' });
  });

  it('reads no answer that is larger than any of its own', async () => {
    const answer = (padding: number) =>
      json(200, { data: { harness: { status: 'idle' } }, padding: 'x'.repeat(padding) });
    const sizes = [200_000, 300_000];
    const outside = await startOutside({
      routes: [{ method: 'GET', path: '/api/status', handle: () => answer(sizes.shift() ?? 0) }],
    });
    const { status } = createAcdClient({ url: outside.url, token: undefined });
    try {
      expect(await status()).toMatchObject({ kind: 'status', status: { status: 'idle' } });
      expect(await status()).toMatchObject({ kind: 'away' });
    } finally {
      await outside.stop();
    }
  });

  it.each([
    [{ effect: 'error', code: 400, message: 'Harness script not found' }, /400: Harness script not found/],
    [{ effect: 'error', code: 500, message: 'spawn failed' }, /500: spawn failed/],
    [{ effect: 'redirect', location: 'http://127.0.0.1:1/' }, /redirects \(302\)/],
  ] as const)('takes a no for a no: %j', async (fault, reason) => {
    acd.faults.add({ path: '/api/harness/start', ...fault });
    expect(await client().start('x')).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(reason),
    });
  });

  it('knows when nothing was sent at all, and when its token is not taken', async () => {
    expect(await client('wrong').start('x')).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('token'),
    });
    await acd.goAway();
    expect(await client().start('x')).toEqual({ kind: 'away', reason: 'ECONNREFUSED' });
  });

  it('shows no secret that ACD answers', async () => {
    const secret = ['ghp', 'a'.repeat(36)].join('_');
    acd.faults.add({
      path: '/api/harness/start',
      effect: 'error',
      code: 500,
      message: `push with ${secret} failed`,
    });
    expect(JSON.stringify(await client().start('x'))).not.toContain(secret);
  });
});
