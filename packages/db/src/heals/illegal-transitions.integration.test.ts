import { describe, expect, it } from 'vitest';
import { isFinalPhase, nextPhase, phaseOf, type HealEvent, type HealPhase } from '@actp/shared/heals/state';
import { openDatabase } from '@actp/testing/stores';
import { healCalls, pathTo } from './heals.fixture.ts';

const stores = await openDatabase();
const calls = healCalls(stores.sql);

const phases = Object.keys(pathTo) as HealPhase[];
const events = Object.keys(calls.perform) as HealEvent[];
const pairs = phases.flatMap((phase) => events.map((event) => [phase, event] as const));
const illegal = pairs.filter(([phase, event]) => nextPhase(phase, event) === undefined);
const legal = pairs.filter(([phase, event]) => nextPhase(phase, event) !== undefined);

async function arrive(phase: HealPhase): Promise<string> {
  const id = await calls.open();
  for (const event of pathTo[phase]) await calls.perform[event](id);
  expect(phaseOf(await calls.read(id))).toBe(phase);
  return id;
}

describe('the life of a heal', () => {
  it.each(illegal)('%s does not take %s: nothing changes', async (phase, event) => {
    const id = await arrive(phase);
    const before = await calls.read(id);
    await calls.perform[event](id);
    expect(await calls.read(id)).toEqual(before);
  });

  it.each(phases)('%s is left for no step that no event leads to', async (phase) => {
    const id = await arrive(phase);
    const before = await calls.read(id);
    const allowed: string[] = [before.step];
    if (phase === 'prepare') allowed.push('start');
    if (phase === 'wait') allowed.push('verify');
    const steps = ['queued', 'prepare', 'start', 'wait', 'verify', 'report'];
    for (const step of steps.filter((name) => !allowed.includes(name))) await calls.move(id, step);
    expect(await calls.read(id)).toEqual(before);
  });

  it.each(legal)('%s takes %s', async (phase, event) => {
    const id = await arrive(phase);
    await calls.perform[event](id);
    expect(phaseOf(await calls.read(id))).toBe(nextPhase(phase, event));
  });

  it.each(legal)(
    '[SEC-008] %s does not take %s from a worker that does not hold the lease',
    async (phase, event) => {
      const id = await arrive(phase);
      const before = await calls.read(id);
      await expect(calls.perform[event](id, 'worker-2')).rejects.toMatchObject({ code: '55000' });
      expect(await calls.read(id)).toEqual(before);
    },
  );

  it('ends in three ways', () => {
    expect(phases.filter(isFinalPhase).sort()).toEqual(['healed', 'not_healed', 'skipped']);
  });

  it('leaves an audit row for every step that the operators account for', async () => {
    const id = await arrive('healed');
    const { rows } = await stores.sql.query(
      `select action_type, status from actp_agent_audit_log where result ->> 'heal_id' = $1 order by id`,
      [id],
    );
    expect(rows).toEqual([
      { action_type: 'heal.queue', status: 'ok' },
      { action_type: 'heal.start', status: 'ok' },
      { action_type: 'heal.started', status: 'ok' },
      { action_type: 'heal.verdict', status: 'ok' },
    ]);
  });
});
