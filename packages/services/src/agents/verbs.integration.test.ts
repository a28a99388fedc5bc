import { describe, expect, it } from 'vitest';
import { createLogger } from '@actp/shared/log';
import { openStores } from '@actp/testing/stores';
import { asAgent, asUser, openVerbs } from '../verbs.fixture.ts';
import { createAgent, type NewAgent } from './create.ts';
import { deleteAgent } from './delete.ts';
import { createAgentKeys } from './keys.ts';
import { listAgents } from './list.ts';
import { createAgentUses } from './note-used.ts';
import { rotateAgentKey } from './rotate.ts';

const stores = await openStores();
const { deps: verbs, operator, audited, sql } = await openVerbs(stores);
const { db } = verbs;
const ann = await operator('ann@example.com');
let changes = 0;
const deps = { db, changed: () => (changes += 1) };

let agents = 0;
const create = (over: Partial<NewAgent> = {}) => {
  agents += 1;
  return createAgent(
    deps,
    { id: `agent-${agents}`, note: null, actions: null, expires_at: null, ...over },
    ann,
  );
};
const list = async () => (await listAgents(db, { before: undefined, limit: 100 })).map(({ agent }) => agent);
/** Whose key it is, as a gateway that has just started says. */
const holderOf = (key: string) => createAgentKeys({ db, used: () => undefined }).holderOf(key);
const soon = () => new Date(Date.now() + 3_600_000).toISOString();

describe('[TRU-001] the key of an agent', () => {
  it('is given by an operator, shown once, and works', async () => {
    const secret = ['actp', 'key', 'f'.repeat(64)].join('_');
    const expires_at = soon();
    const { agent, key } = await create({ note: `of ${secret}`, actions: ['email.*'], expires_at });
    expect(agent).toMatchObject({ actions: ['email.*'], expires_at, created_by: 'operator:ann@example.com' });
    expect(agent.note).toMatch(/^of /);
    expect(agent.note).not.toContain('f'.repeat(64));
    expect(key).toMatch(/^actp_key_[\da-f]{64}$/);
    expect(await holderOf(key)).toMatchObject({ id: agent.id, actions: ['email.*'] });
    expect(JSON.stringify((await sql.query('select * from actp_agents')).rows)).not.toContain(key);
    expect(changes).toBe(1);
    expect((await create()).agent).toMatchObject({ note: null, actions: null, expires_at: null });
    expect((await audited('agent_key.create')).at(-1)).toMatchObject({
      agent_id: 'operator:ann@example.com',
      ip: '203.0.113.7',
    });
  });

  it.each<[string, () => Promise<unknown>, object]>([
    [
      'a name that is taken',
      async () => create({ id: (await create()).agent.id.toUpperCase() }),
      { code: 'conflict', fields: [{ field: 'id', message: 'is taken' }] },
    ],
    [
      'an end that has passed',
      () => create({ expires_at: '2020-01-01T00:00:00.000Z' }),
      { code: 'validation_failed', fields: [{ field: 'expires_at', message: 'must lie in the future' }] },
    ],
    ['another key for nobody', () => rotateAgentKey(deps, 'nobody', 0, ann), { code: 'not_found' }],
    ['the end of nobody', () => deleteAgent(deps, 'nobody', ann), { code: 'not_found' }],
  ])('is refused for %s', async (_what, ask, error) => {
    await expect(ask()).rejects.toMatchObject(error);
  });

  it('is replaced by another, beside which it lasts for a while', async () => {
    const { agent, key } = await create();
    changes = 0;
    const rotated = await rotateAgentKey(deps, agent.id, 3_600, ann);
    expect(changes).toBe(1);
    expect(rotated.agent.rotated_at).not.toBeNull();
    for (const one of [key, rotated.key]) expect(await holderOf(one)).toMatchObject({ id: agent.id });
    const last = await rotateAgentKey(deps, agent.id, 0, ann);
    expect(await holderOf(rotated.key)).toBeUndefined();
    expect(await holderOf(last.key)).toMatchObject({ id: agent.id });
  });

  it('ends with its agent, whose name stays taken', async () => {
    const { agent, key } = await create();
    changes = 0;
    expect(await deleteAgent(deps, agent.id, ann)).toMatchObject({ id: agent.id });
    expect(changes).toBe(1);
    expect(await holderOf(key)).toBeUndefined();
    expect(await createAgentKeys({ db, used: () => undefined }).isTaken(agent.id)).toBe(true);
    expect((await list()).map(({ id }) => id)).not.toContain(agent.id);
  });

  it('that has ended by its date can have no other one', async () => {
    const { agent } = await create({ expires_at: soon() });
    await sql.query(
      `update actp_agents set created_at = now() - interval '2 hours', expires_at = now() - interval '1 hour' where id = $1`,
      [agent.id],
    );
    await expect(rotateAgentKey(deps, agent.id, 0, ann)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is nobody else’s to give, to replace or to end', async () => {
    const { agent, key } = await create();
    for (const context of [asAgent(), asUser]) {
      const given = { id: 'mine', note: null, actions: null, expires_at: null };
      for (const ask of [
        createAgent(deps, given, context),
        rotateAgentKey(deps, agent.id, 0, context),
        deleteAgent(deps, agent.id, context),
      ]) {
        await expect(ask).rejects.toMatchObject({ code: 'forbidden' });
      }
    }
    expect(await holderOf(key)).toMatchObject({ id: agent.id });
  });
});

describe('the list of agents', () => {
  it('comes a page at a time, newest first', async () => {
    const made = [(await create()).agent.id, (await create()).agent.id, (await create()).agent.id];
    const first = await listAgents(db, { before: undefined, limit: 2 });
    expect(first.map(({ agent }) => agent.id)).toEqual([made[2], made[1]]);
    const [next] = await listAgents(db, { before: first[1]?.position, limit: 1 });
    expect(next?.agent.id).toBe(made[0]);
  });
});

describe('when an agent used its key last', () => {
  const lastUsed = async (id: string) => (await list()).find((one) => one.id === id)?.last_used_at;

  it('is known once it was written, for all that were noted', async () => {
    const [one, other] = [(await create()).agent.id, (await create()).agent.id];
    const uses = createAgentUses({ db, log: createLogger({ app: 'test', level: 'silent' }) });
    uses.note(one);
    uses.note(one);
    uses.note(other);
    expect(await lastUsed(one)).toBeNull();
    await uses.close();
    expect(await lastUsed(one)).toMatch(/Z$/);
    expect(await lastUsed(other)).toMatch(/Z$/);
  });
});
