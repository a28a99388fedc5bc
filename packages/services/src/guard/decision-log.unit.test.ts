import { expect, it } from 'vitest';
import type { Db } from '@actp/db/client';
import type { AuditRow } from '@actp/shared/audit/event';
import { createDecisionLog } from './decision-log.ts';

const row = { event_id: '7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11', agent_id: 'buyer' } as AuditRow; // nothing else is read

function open({ durable = true, queue = true, database = true } = {}) {
  const done: string[] = [];
  const written: unknown[] = [];
  const rpc = (name: string, parameters: object) => {
    done.push('written');
    written.push([name, parameters]);
    return { written: 1, known: 0 };
  };
  const db = { call: async (work: (client: unknown) => unknown) => work({ rpc }) } as unknown as Db; // of all calls, only this one
  const log = createDecisionLog({
    db,
    batcher: {
      async add() {
        if (!queue) throw new Error('the queue is closed');
        done.push('queued');
      },
      addWritten: () => Promise.reject(new Error('not of a decision')),
      async redact(rows) {
        done.push('redacted');
        return rows.map((one) => ({ ...one, agent_id: 'redacted' }));
      },
    },
    killSwitches: {
      async read() {
        if (!database) throw new Error('the database is away');
        return [];
      },
    },
    producer: { isDurable: async () => durable },
  });
  return { log, done, written };
}

it('a decision is kept in the queue, which puts it on its disk', async () => {
  const { log, done } = open();
  await log.write([row]);
  expect(done).toEqual(['queued']);
});

it.each([
  ['the queue is closed', { queue: false }],
  ['Redis does not put it on its disk', { durable: false }],
])('a decision is a row at once, without its secrets, when %s', async (_, how) => {
  const { log, done, written } = open(how);
  await log.write([row]);
  expect(done).toEqual(['redacted', 'written']);
  expect(JSON.stringify(written)).toContain(row.event_id);
  expect(JSON.stringify(written)).toContain('"redacted"');
});

it('a decision is kept nowhere without the database, which says what is stopped', async () => {
  const { log, done } = open({ database: false });
  await expect(log.write([row])).rejects.toThrow('away');
  expect(done).toEqual([]);
});
