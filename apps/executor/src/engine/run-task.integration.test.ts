import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import type { Agent } from '../agents/agent.ts';
import { partsOfTest } from '../agents.fixture.ts';
import { TaskError } from '../agents/task-error.ts';
import { openExecutor } from '../executor.fixture.ts';
import { TaskDelayed } from './interruptions.ts';

const bench = await openExecutor();
const folder = await mkdtemp(join(tmpdir(), 'actp-run-task-'));
atEnd(() => rm(folder, { recursive: true, force: true }));

const policy = async (name: string, gate: string) => {
  const POLICY_FILE = join(folder, name);
  await writeFile(
    POLICY_FILE,
    [
      'version: 1',
      'tools: { allow: [research] }',
      `gates: [${gate}]`,
      'defaults: { effect: allow }',
      '',
    ].join('\n'),
  );
  return { POLICY_FILE };
};

/** The agents of the tests, of which the one that reads does something else; with how often it was run. */
function reading(run: Agent['run']) {
  const parts = partsOfTest({ resendUrl: bench.resend.url });
  const runs: AbortSignal[] = [];
  const agents = parts.agents.map((agent): Agent =>
    agent.name === 'research'
      ? {
          ...agent,
          run(context) {
            runs.push(context.signal);
            return run(context);
          },
        }
      : agent,
  );
  return { parts: { ...parts, agents }, runs };
}

describe('a run that a person has allowed', () => {
  it.each<[what: string, between: () => Promise<unknown>, code: string]>([
    ['the policy denies by now', () => Promise.resolve(), 'policy_denied'],
    [
      'an operator has stopped',
      () =>
        bench.sql.query(`select set_kill_switch('action:research.*', 'r', 'operator:op@example.com', '{}')`),
      'kill_switch',
    ],
  ])('and that %s, is not done', async (_what, between, code) => {
    const asking = await policy('ask.yaml', `{ action: 'research.run', approval: required }`);
    const earlier = await bench.start({ env: asking });
    const id = await bench.ask(await bench.user(), 'read birds');
    const { approval_id } = await bench.inStatus(id, 'awaiting_approval');
    await earlier.stop();
    expect(await bench.decide(approval_id, 'approved')).toBe('decided');
    await between();
    const { parts, runs } = reading(() => Promise.resolve({ result: {}, costMinor: 0 }));
    const env =
      code === 'policy_denied'
        ? await policy('deny.yaml', `{ action: 'research.run', effect: deny }`)
        : asking;
    await bench.start({ env, parts });
    expect(await bench.ended(id)).toMatchObject({ status: 'failed', error_code: code });
    expect(runs).toHaveLength(0);
    await bench.sql.query('delete from actp_kill_switches');
  });
});

it('what nobody knows the cost of has cost as much as was reserved', async () => {
  const { parts } = reading(() => Promise.resolve({ result: {}, costMinor: 'unknown' }));
  await bench.start({ parts });
  const user = await bench.user();
  expect(await bench.ended(await bench.ask(user, 'read birds'))).toMatchObject({ cost_usd: 0.02 });
  expect(await bench.spend(user.id)).toEqual({ spent: 2, reserved: 0 });
});

it('[POL-003] what an agent has found, waits for or fails with is kept without its secrets', async () => {
  const secret = `ghp_${'aB3dE5gH7jK9'.repeat(3)}`;
  const kept = async () => {
    const { rows } = await bench.sql.query<{ kept: string }>(
      `select coalesce(jsonb_agg(to_jsonb(t))::text, '') || coalesce((select jsonb_agg(to_jsonb(s))::text from actp_task_steps s), '') as kept
       from actp_tasks t`,
    );
    return rows[0]?.kept ?? '';
  };
  const seen: string[] = [];
  const { parts, runs } = reading(async ({ step }) => {
    await step('search', { found: secret });
    if (runs.length === 1) throw new TaskDelayed(1, `waits for ${secret}`);
    seen.push(await kept());
    if (runs.length > 2) throw new TaskError('no_sources', `nothing at ${secret}`);
    return { result: { text: secret }, costMinor: 0 };
  });
  await bench.start({ parts });
  const user = await bench.user();
  expect(await bench.ended(await bench.ask(user, 'read birds'))).toMatchObject({ status: 'succeeded' });
  expect(await bench.ended(await bench.ask(user, 'read birds'))).toMatchObject({ error_code: 'no_sources' });
  seen.push(await kept());
  expect(seen.join()).not.toContain(secret);
  expect(seen.at(-1)?.match(/\[redacted:/g)?.length).toBeGreaterThanOrEqual(4);
});
