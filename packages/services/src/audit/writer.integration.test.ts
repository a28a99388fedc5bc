import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import type { AuditRow } from '@actp/shared/audit/event';
import { createLogger } from '@actp/shared/log';
import { openStores } from '@actp/testing/stores';
import { createAuditWriter } from './writer.ts';

const { env, sql } = await openStores();
const db = createDb(env, 'gateway', 20_000);
const away = { call: () => Promise.reject(new Error('away')) };
const logged: string[] = [];
const log = createLogger({
  app: 'test',
  level: 'info',
  destination: { write: (line) => void logged.push(line) },
});
const queued: AuditRow[] = [];
const newRow = (): AuditRow => ({
  ...{ event_id: randomUUID(), agent_id: 'buyer', action_type: 'b.c', status: 'ok', source: 'plane' },
});
const open = ({ queue = true, database = true } = {}) =>
  createAuditWriter({
    batcher: {
      add: async (rows) => {
        if (!queue) throw new Error('closed');
        queued.push(...rows);
      },
      addWritten: () => expect.fail('nothing is written'),
      redact: (rows) => Promise.resolve(rows.map((row) => ({ ...row, agent_id: 'redacted' }))),
    },
    db: database ? db : away,
    log,
  });
const stored = async ({ event_id }: AuditRow) =>
  (await sql.query('select agent_id from actp_agent_audit_log where event_id = $1', [event_id])).rows;

beforeEach(() => {
  logged.length = 0;
  queued.length = 0;
});

describe.each(['record', 'write', 'writeLater'] as const)('an event of the plane: %s', (how) => {
  const say = async (writer: ReturnType<typeof open>, row: AuditRow) => {
    await writer[how](row);
    await writer.settled();
  };

  it('goes into the queue, and is a row at once, without its secrets, when that is closed', async () => {
    const [first, second] = [newRow(), newRow()];
    await say(open(), first);
    await say(open({ queue: false }), second);
    expect(queued).toEqual([first]);
    expect([await stored(first), await stored(second)]).toEqual([[], [{ agent_id: 'redacted' }]]);
    expect(logged).toEqual([]);
  });

  it('that neither store takes stops what must not happen without it, and is logged whole otherwise', async () => {
    const row = newRow();
    const said = say(open({ queue: false, database: false }), row);
    if (how === 'record') {
      await expect(said).rejects.toThrow('away');
      expect(logged).toEqual([]);
      return;
    }
    await said;
    expect(logged.map((line) => JSON.parse(line) as object)).toMatchObject([
      { level: 'error', msg: 'audit event not recorded', audit_event: row, err: { message: 'away' } },
    ]);
  });
});

it('events that nobody waits for are waited for at the end', async () => {
  const writer = open({ queue: false });
  const rows = [newRow(), newRow(), newRow()];
  for (const row of rows) writer.writeLater(row);
  expect(await stored(rows[0] ?? newRow())).toEqual([]);
  await writer.settled();
  for (const row of rows) expect(await stored(row)).toHaveLength(1);
});
