import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { approvalCalls } from './approvals/approvals.fixture.ts';
import { agentCalls, withKey } from './auth/agent-keys.fixture.ts';
import { openGateway, operatorToken } from './gateway.fixture.ts';
import { taskCalls } from './tasks/tasks.fixture.ts';

const stores = await openStores();
const { sql } = stores;

/** Its own events go straight into the database: what is not there when it has stopped is lost. */
const openWithoutQueue = () => openGateway(stores, { REDIS_URL: 'redis://127.0.0.1:1' });

/** How many refusals the audit log knows of, each counted. */
async function refusals(): Promise<number> {
  const { rows } = await sql.query<{ refused: number }>(
    `select coalesce(sum((result ->> 'count')::int), 0)::int as refused
     from actp_agent_audit_log where action_type = 'security.credential_refused'`,
  );
  return rows[0]?.refused ?? 0;
}

describe('a gateway that stops', () => {
  it('answers who waits with what is so, and ends streams', async () => {
    const gateway = await openGateway(stores);
    const { create } = await approvalCalls(gateway);
    const person = await taskCalls(gateway, stores).user();
    const asked: Array<[path: string, headers: Record<string, string>]> = [
      [`/v1/approvals/${(await create()).body.id}`, {}],
      [`/v1/tasks/${await person.ask('Research birds')}`, person.headers],
    ];
    const waits = asked.map(([path, headers]) =>
      gateway.fetch(path, { headers: { ...headers, prefer: 'wait=55' } }),
    );
    // Asked later: the waits have begun when these have.
    const streams = await Promise.all(
      asked.map(([path, headers]) => gateway.fetch(`${path}/events`, { headers })),
    );
    const told = streams.map((stream) => stream.text());
    const answers = Promise.all([...waits, ...told]);
    await gateway.stop();
    await answers;
    for (const answer of await Promise.all(waits)) {
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ status: expect.stringMatching(/^(?:pending|queued)$/) });
    }
    expect(await Promise.all(told)).toEqual([
      expect.stringContaining('event: pending'),
      expect.stringContaining('event: created'),
    ]);
  });

  it('has recorded every refusal that it has counted', async () => {
    const gateway = await openWithoutQueue();
    const before = await refusals();
    for (let i = 0; i < 5; i += 1) {
      const refused = await gateway.fetch('/v1/schedules', { headers: { authorization: 'Bearer x' } });
      expect(refused.status).toBe(401);
    }
    await gateway.stop();
    expect(await refusals()).toBe(before + 5);
  });

  it('does not end before an event that is being written is there', async () => {
    const gateway = await openWithoutQueue();
    const before = await refusals();
    const holder = await sql.connect();
    await holder.query('begin');
    await holder.query('lock table actp_agent_audit_log in share row exclusive mode');
    await gateway.fetch('/v1/schedules', { headers: { authorization: 'Bearer x' } });
    let stopped = false;
    const stopping = gateway.stop().then(() => (stopped = true));
    const waits = async () => {
      const { rowCount } = await sql.query(
        `select from pg_locks where not granted and relation = 'actp_agent_audit_log'::regclass`,
      );
      return rowCount !== 0;
    };
    await eventually(waits);
    // All else that stopping takes could be over by then.
    await openGateway(stores).then((other) => other.stop());
    expect(stopped).toBe(false);
    await holder.query('commit');
    holder.release();
    await stopping;
    expect(await refusals()).toBe(before + 1);
  });

  it('has noted the last use of a key', async () => {
    const gateway = await openGateway(stores);
    const { keyOf } = agentCalls(gateway, await operatorToken(gateway));
    const key = await keyOf('used-last');
    expect((await gateway.fetch('/v1/approvals?limit=1', { headers: withKey(key) })).status).toBe(200);
    await gateway.stop();
    const { rows } = await sql.query(
      `select 1 from actp_agents where id = 'used-last' and last_used_at is not null`,
    );
    expect(rows).toHaveLength(1);
  });
});
