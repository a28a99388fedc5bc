import { beforeEach, describe, expect, it } from 'vitest';
import { useOwnSecrets } from '@actp/redaction/own-secrets';
import { createLogger } from '@actp/shared/log';
import { openStores } from '@actp/testing/stores';
import { asAgent, asUser, openVerbs } from '../verbs.fixture.ts';
import { activeKillSwitches, releasableKillSwitches } from './active.ts';
import type { KillSwitchDeps } from './apply-result.ts';
import { liftKillSwitch } from './lift.ts';
import { setKillSwitch } from './set.ts';

const stores = await openStores();
const { deps: verbs, operator, audited, sql } = await openVerbs(stores);
const { db } = verbs;
const ann = await operator('ann@example.com');
// One of the plane's own has no form by which the database would know it.
const own = 'own secret of this test';
useOwnSecrets([own]);
const hints: string[] = [];
let changes = 0;
const deps: KillSwitchDeps = {
  db,
  log: createLogger({ app: 'test', level: 'silent' }),
  changed: () => (changes += 1),
  producer: {
    add: async (name: string, { notification_id }: { notification_id?: string }) => {
      hints.push(`${name} ${typeof notification_id}`);
    },
  } as unknown as KillSwitchDeps['producer'], // of all jobs, only this one
};
const set = (scope: string, reason = 'x') => setKillSwitch(deps, { scope, reason }, ann);
const lift = (scope: string, reason?: string) => liftKillSwitch(deps, { scope, reason }, ann);
const scopes = async () => (await activeKillSwitches(db)).map(({ scope }) => scope);

beforeEach(async () => {
  await sql.query('delete from actp_kill_switches');
  hints.length = 0;
  changes = 0;
});

describe('[SEC-010] a kill switch', () => {
  it('is set by an operator, with a reason that holds no secret, and the others are told', async () => {
    const key = ['actp', 'key', 'f'.repeat(64)].join('_');
    const { active, alreadySet } = await set('agent:buyer', `it leaks ${key}, ${own}`);
    expect(alreadySet).toBe(false);
    expect(active).toMatchObject({ scope: 'agent:buyer', set_by: 'operator:ann@example.com' });
    expect(active.reason).toMatch(/^it leaks /);
    for (const secret of ['f'.repeat(64), own]) expect(active.reason).not.toContain(secret);
    expect(active.since).toMatch(/Z$/);
    expect(await activeKillSwitches(db)).toEqual([active]);
    expect(await releasableKillSwitches(db)).toEqual([active]);
    expect(changes).toBe(1);
    expect(hints).toEqual(['send-notification string']);
    expect((await audited('security.kill_switch_set')).at(-1)).toMatchObject({
      agent_id: 'operator:ann@example.com',
      ip: '203.0.113.7',
    });
  });

  it('that is set already stays as it was', async () => {
    const { active } = await set('all', 'first');
    expect(await set('all', 'second')).toEqual({ active, alreadySet: true });
    expect(hints).toHaveLength(1);
  });

  it('is lifted for exactly its scope', async () => {
    const { active } = await set('agent:buyer');
    await set('all');
    await expect(lift('agent:seller')).rejects.toMatchObject({
      code: 'not_found',
      message: 'this scope is not stopped',
    });
    changes = 0;
    expect(await lift('agent:buyer', `all is well, ${own}`)).toEqual(active);
    expect(changes).toBe(1);
    expect(await scopes()).toEqual(['all']);
    expect((await audited('security.kill_switch_lifted')).at(-1)?.result).toMatchObject({
      reason: expect.stringMatching(/^all is well, \[redacted/),
    });
    await lift('all');
    expect(await scopes()).toEqual([]);
  });

  it('is nobody else’s to set or to lift', async () => {
    await set('all');
    for (const context of [asAgent(), asUser]) {
      await expect(setKillSwitch(deps, { scope: 'agent:x', reason: 'x' }, context)).rejects.toMatchObject({
        code: 'forbidden',
      });
      await expect(liftKillSwitch(deps, { scope: 'all', reason: undefined }, context)).rejects.toMatchObject({
        code: 'forbidden',
      });
    }
    expect(await scopes()).toEqual(['all']);
  });

  it('is there when the database says that it is', async () => {
    const answering = { ...deps, db: { call: () => Promise.resolve({ result: 'set' } as never) } };
    await expect(setKillSwitch(answering, { scope: 'all', reason: 'x' }, ann)).rejects.toMatchObject({
      ...{ code: 'internal', message: 'the database returned no switch' },
    });
  });

  it('is one of so many that everything can be stopped in their place', async () => {
    await sql.query(
      `insert into actp_kill_switches (scope, reason, set_by)
       select 'agent:a' || i, 'x', 'operator:ann@example.com' from generate_series(1, 200) i`,
    );
    await expect(set('agent:one-more')).rejects.toMatchObject({
      code: 'conflict',
      message: 'too many scopes are stopped already; stop all, or lift some',
    });
    expect(await set('all')).toMatchObject({ alreadySet: false });
  });
});
