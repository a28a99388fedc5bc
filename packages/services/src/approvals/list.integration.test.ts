import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { asAgent, openVerbs } from '../verbs.fixture.ts';
import { cancelApproval } from './cancel.ts';
import { listApprovals } from './list.ts';
import { requestApproval } from './request.ts';

const stores = await openStores();
const { deps, announced } = await openVerbs(stores);

const request = (agent = 'buyer', details: Record<string, unknown> = {}) =>
  requestApproval(
    deps,
    {
      action: 'pay',
      details,
      requested_by: agent,
      reason: null,
      ttl_seconds: 600,
      chat_id: null,
      callback_url: null,
      idempotency: null,
    },
    asAgent(agent),
  );

describe('the list of approvals', () => {
  const list = (over: Partial<Parameters<typeof listApprovals>[1]> = {}) =>
    listApprovals(deps.db, { status: undefined, before: undefined, limit: 2, ...over });
  const ids = (page: Awaited<ReturnType<typeof list>>) => page.map(({ approval }) => approval.id);

  it('comes a page at a time, newest first, of one status or of one agent', async () => {
    const [one, two, three] = [await request(), await request(), await request('seller')];
    const page = await list();
    expect(ids(page)).toEqual([three.id, two.id]);
    expect(page.map(({ cut }) => cut)).toEqual([false, false]);
    expect(ids(await list({ before: page[1]?.position, limit: 1 }))).toEqual([one.id]);
    expect(ids(await list({ agent: 'seller', limit: 1 }))).toEqual([three.id]);
    await cancelApproval(deps, one.id, asAgent());
    expect(ids(await list({ status: 'cancelled' }))).toEqual([one.id]);
  });

  it('is shorter when the details are large, and says so', async () => {
    const details = { text: 'x'.repeat(200_000) };
    for (let i = 0; i < 8; i += 1) await request('buyer', details);
    const page = await list({ limit: 8 });
    expect(page.length).toBeLessThan(8);
    expect(page.at(-1)?.cut).toBe(true);
    expect(page[0]?.cut).toBe(false);
  });
});

describe('an approval that is not wanted any more', () => {
  it('is cancelled, and stays so', async () => {
    const { id } = await request();
    announced.length = 0;
    const cancelled = await cancelApproval(deps, id, asAgent());
    expect(cancelled).toMatchObject({ id, status: 'cancelled' });
    expect(announced).toEqual([cancelled]);
    expect(await cancelApproval(deps, id, asAgent())).toEqual(cancelled);
    await expect(cancelApproval(deps, randomUUID(), asAgent())).rejects.toMatchObject({ code: 'not_found' });
  });
});
