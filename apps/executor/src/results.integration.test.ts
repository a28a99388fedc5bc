import { describe, expect, it } from 'vitest';
import type { Agent } from './agents/agent.ts';
import { TaskError } from './agents/task-error.ts';
import { partsOfTest } from './agents.fixture.ts';
import { openExecutor } from './executor.fixture.ts';

const bench = await openExecutor();
const token = ['ghp', 'Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0UvWxYz'].join('_');

/** Runs a prompt with agents of which one does something else than those of the tests. */
async function ended(prompt: string, name: string, changes: Partial<Agent>) {
  const parts = partsOfTest({ resendUrl: bench.resend.url });
  const agents = parts.agents.map((agent) => (agent.name === name ? { ...agent, ...changes } : agent));
  await bench.start({ parts: { ...parts, agents } });
  return bench.ended(await bench.ask(await bench.user(), prompt));
}
const stored = async (id: string) => {
  const { rows } = await bench.sql.query<{ text: string }>(
    `select (select jsonb_agg(to_jsonb(t)) from actp_tasks t where id = $1)::text
       || (select jsonb_agg(to_jsonb(s)) from actp_task_steps s where task_id = $1)::text
       || (select jsonb_agg(to_jsonb(l)) from actp_agent_audit_log l where task_id = $1)::text as text`,
    [id],
  );
  return rows[0]?.text ?? '';
};

describe('what an agent has come to', () => {
  it('is stored and shown without the secrets in it: its steps, its result', async () => {
    const task = await ended('read birds', 'research', {
      async run({ step }) {
        await step('search', { query: `birds ${token}` });
        return { result: { text: `birds and ${token}` }, costMinor: 0 };
      },
    });
    expect(task).toMatchObject({ status: 'succeeded' });
    expect(await stored(task.id)).toContain('birds and');
    expect(await stored(task.id)).not.toContain(token);
  });

  it('is stored and shown without the secrets in it: what went wrong', async () => {
    const task = await ended('read birds', 'research', {
      run: () => Promise.reject(new TaskError('nothing_found', `nothing about ${token}`)),
    });
    expect(task).toMatchObject({ status: 'failed', error_code: 'nothing_found' });
    expect(task.error).toContain('nothing about');
    expect(await stored(task.id)).not.toContain(token);
  });
});

it('a task has at most one effect outside: two are not even asked about', async () => {
  const one = { kind: 'email', action: 'email.send', details: { to: 'a@example.com' } } as const;
  const task = await ended('mail a@example.com', 'communication', {
    effects: () => ['a', 'b'].map((content) => ({ ...one, meaning: { to: 'a@example.com', content } })),
  });
  expect(task).toMatchObject({ status: 'failed', error_code: 'too_many_effects', approval_id: null });
});
