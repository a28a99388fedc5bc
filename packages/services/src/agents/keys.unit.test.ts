import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Db } from '@actp/db/client';
import { hashAgentKey, looksLikeAgentKey, newAgentKey } from './key.ts';
import { createAgentKeys } from './keys.ts';

const start = Date.parse('2026-11-26T12:00:00Z');
const key = newAgentKey();
const old = newAgentKey();
const iso = (seconds: number) => new Date(start + seconds * 1_000).toISOString();

const agentOf = (name: string) => ({
  id: name,
  name,
  actions: null,
  expires_at: null,
  key_hash: null,
  previous_key_hash: null,
  previous_until: null,
});

/** A database with one agent, whose clock and ours are the test's. */
function open(agent: Record<string, unknown> = {}) {
  let time = 0;
  let away: boolean | 'hangs' = false;
  let version = '0b8d9d0e-0000-4000-8000-000000000001';
  let agents: unknown[] = [{ ...agentOf('buyer'), key_hash: hashAgentKey(key), ...agent }];
  const questions: Array<string | null> = [];
  const client = {
    rpc: (_name: string, { p_version }: { p_version: string | null }) => {
      questions.push(p_version);
      if (away === 'hangs') return new Promise(() => undefined);
      if (away) return Promise.reject(new Error('away'));
      const now = iso(time / 1_000);
      return Promise.resolve({ version, now, ...(p_version === version ? {} : { agents }) });
    },
  };
  const db: Db = { call: (build) => build(client as never) as never };
  const used: string[] = [];
  const keys = createAgentKeys({ db, used: (id) => void used.push(id) }, () => time);
  return {
    keys,
    used,
    questions,
    pass: (ms: number) => (time += ms),
    leave: () => (away = true),
    hang: () => (away = 'hangs'),
    change(next: unknown[]) {
      version = '0b8d9d0e-0000-4000-8000-000000000002';
      agents = next;
    },
  };
}

describe('[TRU-005] the key of an agent', () => {
  it('is 256 random bits behind a mark', () => {
    expect(key).toMatch(/^actp_key_[0-9a-f]{64}$/);
    expect(newAgentKey()).not.toBe(key);
    expect(looksLikeAgentKey(key)).toBe(true);
    expect(looksLikeAgentKey('current-secret-of-the-tests-0123456789')).toBe(false);
  });

  it('is known by its hash, with what it may be used for', async () => {
    const { keys, used } = open({ actions: ['ads.*'] });
    expect(await keys.holderOf(key)).toMatchObject({ id: 'buyer', actions: ['ads.*'] });
    expect(await keys.holderOf(newAgentKey())).toBeUndefined();
    expect(await keys.holderOf(`${key} `)).toBeUndefined();
    expect(used).toEqual(['buyer']);
  });

  it('costs the database one question for many, right or wrong, and a short one when nothing changed', async () => {
    const { keys, questions, pass } = open();
    await Promise.all(Array.from({ length: 1_000 }, () => keys.holderOf(newAgentKey())));
    await Promise.all(Array.from({ length: 1_000 }, () => keys.holderOf(key)));
    expect(questions).toEqual([null]);
    pass(300);
    expect(await keys.holderOf(key)).toBeDefined();
    expect(questions).toEqual([null, '0b8d9d0e-0000-4000-8000-000000000001']);
  });

  it('ends a quarter of a second after it was deleted, and at once where it was deleted', async () => {
    const { keys, pass, change } = open();
    expect(await keys.holderOf(key)).toBeDefined();
    change([]);
    pass(250);
    expect(await keys.holderOf(key)).toBeUndefined();

    const here = open();
    expect(await here.keys.holderOf(key)).toBeDefined();
    here.change([]);
    here.keys.changed();
    expect(await here.keys.holderOf(key)).toBeUndefined();
  });

  it('ends at its date, by the clock of the database', async () => {
    const { keys, pass } = open({ expires_at: iso(0.05) });
    expect(await keys.holderOf(key)).toBeDefined();
    pass(50);
    expect(await keys.holderOf(key)).toBeUndefined();
    // Between two questions as well, whatever our own clock shows.
    const later = open({ expires_at: iso(10.06) });
    later.pass(10_000);
    expect(await later.keys.holderOf(key)).toBeDefined();
    later.pass(59);
    expect(await later.keys.holderOf(key)).toBeDefined();
    later.pass(1);
    expect(await later.keys.holderOf(key)).toBeUndefined();
    expect(later.questions).toHaveLength(1);
  });

  it('before a rotation is good as long as it was given, and no longer than the agent', async () => {
    const both = { previous_key_hash: hashAgentKey(old), previous_until: iso(60) };
    const { keys, pass } = open(both);
    expect(await keys.holderOf(old)).toMatchObject({ id: 'buyer' });
    pass(60_000);
    expect(await keys.holderOf(old)).toBeUndefined();
    expect(await keys.holderOf(key)).toBeDefined();
    const ended = open({ ...both, expires_at: iso(-1) });
    expect(await ended.keys.holderOf(old)).toBeUndefined();
  });

  it("is nobody's while the database is away", async () => {
    const { keys, pass, leave } = open();
    expect(await keys.holderOf(key)).toBeDefined();
    leave();
    pass(300);
    await expect(keys.holderOf(key)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('[TRU-005] the name of an agent with a key', () => {
  it('is taken, in any case, also once the agent is deleted', async () => {
    const { keys } = open({ key_hash: null });
    expect(await keys.isTaken('buyer')).toBe(true);
    expect(await keys.isTaken('BUYER ')).toBe(true);
    for (const alike of ['buy\u0435r', 'buyer\u200b', 'bu\u00adyer', 'buyer\u0301', 'ｂuyer'])
      expect(await keys.isTaken(alike), alike).toBe(true);
    expect(await keys.isTaken('seller')).toBe(false);
  });

  it('stays taken while the database is away, and others are not kept waiting', async () => {
    const { keys, pass, leave } = open();
    await keys.isTaken('buyer');
    leave();
    pass(1_000);
    expect(await keys.isTaken('buyer')).toBe(true);
    expect(await keys.isTaken('seller')).toBe(false);
  });

  it('is known at once from a list of less than a quarter of a second ago', async () => {
    const { keys, pass, change, questions } = open();
    await keys.isTaken('buyer');
    change([agentOf('seller')]);
    pass(249);
    expect(await keys.isTaken('seller')).toBe(false);
    pass(1);
    expect(await keys.isTaken('seller')).toBe(true);
    expect(questions.length).toBeGreaterThan(1);
  });

  it('is known as soon as the agent is there, where it was made', async () => {
    const { keys, change } = open();
    expect(await keys.isTaken('seller')).toBe(false);
    change([agentOf('seller')]);
    keys.changed();
    expect(await keys.isTaken('seller')).toBe(true);
  });

  it('is not waited for again for two seconds after the database did not answer', async () => {
    const { keys, pass, leave, hang } = open();
    await keys.isTaken('buyer');
    leave();
    pass(1_000);
    await keys.isTaken('buyer');
    hang();
    pass(1_999);
    // A question that hangs is waited for.
    const atOnce = () => Promise.race([keys.isTaken('buyer'), nextTurn('waits')]);
    expect(await atOnce()).toBe(true);
    pass(1);
    expect(await atOnce()).toBe('waits');
  });

  it('is what was known when the database hangs', async () => {
    const { keys, pass, hang } = open();
    await keys.isTaken('buyer');
    hang();
    pass(5_000);
    expect(await keys.isTaken('buyer')).toBe(true);
    const unknown = open();
    unknown.hang();
    expect(await unknown.keys.isTaken('buyer')).toBe(false);
  });

  it('is compared by its first 512 letters', async () => {
    const { keys } = open({ name: 'b'.repeat(512) });
    expect(await keys.isTaken('b'.repeat(5_000))).toBe(true);
    expect(await keys.isTaken('b'.repeat(511))).toBe(false);
  });
});
