import { beforeEach, describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { auditLog, recompute } from './audit.fixture.ts';

const stores = await openStores();
const log = auditLog(stores);
const rows = 120;
const trials = [1, 2, 3];

beforeEach(async () => {
  await log.empty();
  await log.write(rows / 2);
  await log.sign();
  await log.write(rows / 2);
  await log.sign();
  await log.write(5);
});

const columns: ReadonlyArray<[column: string, value: string]> = [
  ['id', 'id + 1000000'],
  ['event_id', 'gen_random_uuid()'],
  ['agent_id', `agent_id || 'x'`],
  ['action_type', `'other.action'`],
  ['status', `'error'`],
  ['result', `result || '{"campaign": 8}'`],
  ['result', 'null'],
  ['error', 'null'],
  ['error', `error || ' '`],
  ['started_at', `started_at + interval '1 microsecond'`],
  ['completed_at', 'null'],
  ['ip_address', `'203.0.113.10'`],
  ['user_agent', `''`],
  ['request_id', 'null'],
  ['task_id', 'approval_id'],
  ['approval_id', 'null'],
  ['source', `'direct'`],
  ['source', 'null'],
  ['created_at', `created_at + interval '1 microsecond'`],
  ['prev_hash', `sha256('x')`],
  ['hash', `sha256('x')`],
  ['chain_seq', 'chain_seq + 100000'],
  ['chain_lane', '7'],
];

describe('a log that nobody touched', () => {
  it('verifies, while others go on writing', async () => {
    const writing = Promise.all([log.write(500), log.write(500), log.write(500)]);
    expect(await log.verify()).toMatchObject({
      ok: true,
      first_bad: null,
      checkpoint: { n: 2, signed: true },
    });
    await writing;
    const after = await log.verify();
    expect(after).toMatchObject({ ok: true, first_bad: null, checked: rows + 5 + 1_500 });
    expect(after.head?.hash).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('tampering that verify finds, at random places', () => {
  it.each(columns)('an edit of %s (to %s), at the very row', async (column, value) => {
    const { lane, seq } = await log.somewhere();
    await log.tamper((owner) =>
      owner.query(
        `update actp_agent_audit_log set ${column} = ${value} where chain_lane = $1 and chain_seq = $2`,
        [lane, seq],
      ),
    );
    const { ok, first_bad } = await log.verify();
    expect(ok).toBe(false);
    // A row that left its place is missed by the one after it.
    const moved = column.startsWith('chain_');
    expect(first_bad).toMatchObject({ lane, seq: moved ? seq + 1 : seq });
  });

  it.each(trials)('a deleted row (%i)', async () => {
    const { lane, seq } = await log.somewhere();
    await log.tamper((owner) =>
      owner.query('delete from actp_agent_audit_log where chain_lane = $1 and chain_seq = $2', [lane, seq]),
    );
    expect((await log.verify()).first_bad).toMatchObject({
      lane,
      seq: seq + 1,
      reason: 'rows before it are missing',
    });
  });

  it('a deleted row that a checkpoint names', async () => {
    const { lane } = await log.somewhere();
    await log.tamper((owner) =>
      owner.query('delete from actp_agent_audit_log where chain_lane = $1 and chain_seq = $2', [lane, rows]),
    );
    expect((await log.verify()).first_bad).toMatchObject({
      lane,
      seq: rows,
      reason: 'a checkpoint signed it, and it is missing',
    });
  });

  it('the deleted first row', async () => {
    const { lane } = await log.somewhere();
    await log.tamper((owner) =>
      owner.query('delete from actp_agent_audit_log where chain_lane = $1 and chain_seq = 1', [lane]),
    );
    expect((await log.verify()).first_bad).toMatchObject({ lane, seq: 2 });
  });

  it.each(trials)('two rows that changed places (%i)', async () => {
    const { lane, seq } = await log.somewhere();
    await log.tamper((owner) =>
      owner.query(
        `update actp_agent_audit_log set chain_seq = case chain_seq when $2::bigint then 1 else $2::bigint end
         where chain_lane = $1 and chain_seq in (1, $2)`,
        [lane, seq],
      ),
    );
    expect((await log.verify()).first_bad).toMatchObject({ lane, seq: 1 });
  });

  it.each(trials)('a row put in between, the others moved up (%i)', async () => {
    const { lane, seq } = await log.somewhere();
    await log.tamper(async (owner) => {
      await owner.query(
        'update actp_agent_audit_log set chain_seq = chain_seq + 1 where chain_lane = $1 and chain_seq >= $2',
        [lane, seq],
      );
      await owner.query(
        `insert into actp_agent_audit_log (agent_id, action_type, status, chain_lane, chain_seq, prev_hash, hash)
         select 'forger', 'x.y', 'ok', chain_lane, chain_seq + 1, hash, sha256(hash) from actp_agent_audit_log
         where chain_lane = $1 and chain_seq = $2 - 1`,
        [lane, seq],
      );
    });
    expect((await log.verify()).first_bad).toMatchObject({ lane, seq });
  });

  it('a row that has the number of another one', async () => {
    const { lane, seq } = await log.somewhere();
    await log.tamper((owner) =>
      owner.query(
        'update actp_agent_audit_log set chain_seq = chain_seq + 1 where chain_lane = $1 and chain_seq = $2',
        [lane, seq],
      ),
    );
    expect((await log.verify()).first_bad).toMatchObject({ lane, seq: seq + 1 });
  });

  it('a row added behind the end', async () => {
    const { lane, end } = await log.somewhere();
    await log.tamper((owner) =>
      owner.query(
        `insert into actp_agent_audit_log
         select (jsonb_populate_record(l, jsonb_build_object('chain_seq', l.chain_seq + 1))).*
         from actp_agent_audit_log l where chain_lane = $1 and chain_seq = $2`,
        [lane, end],
      ),
    );
    expect((await log.verify()).first_bad).toMatchObject({ lane, seq: end + 1 });
  });

  it.each(trials)('a tail that was cut (%i)', async () => {
    const { lane, seq } = await log.somewhere();
    await log.tamper((owner) =>
      owner.query('delete from actp_agent_audit_log where chain_lane = $1 and chain_seq >= $2', [lane, seq]),
    );
    expect((await log.verify()).first_bad).toMatchObject({ lane, seq });
  });

  it.each(trials)('a tail that was cut with its lane set back, through the checkpoint (%i)', async () => {
    const { lane, seq } = await log.somewhere();
    await log.tamper(async (owner) => {
      await owner.query('delete from actp_agent_audit_log where chain_lane = $1 and chain_seq >= $2', [
        lane,
        seq,
      ]);
      await recompute(owner, lane, 1);
    });
    const { ok, first_bad } = await log.verify();
    // What is younger than the last checkpoint can be cut without a trace; it was five rows.
    expect(ok).toBe(seq > rows);
    if (!ok)
      expect(first_bad).toMatchObject({
        lane,
        seq: seq <= rows / 2 ? rows / 2 : rows,
        reason: expect.stringContaining('missing'),
      });
  });

  it.each(trials)('a chain that was computed anew without the key (%i)', async () => {
    const { lane } = await log.somewhere();
    const seq = 1 + Math.floor(Math.random() * (rows - 1));
    await log.tamper(async (owner) => {
      await owner.query(
        `update actp_agent_audit_log set agent_id = 'forger' where chain_lane = $1 and chain_seq = $2`,
        [lane, seq],
      );
      await recompute(owner, lane, seq);
    });
    expect((await log.verify()).first_bad).toMatchObject({
      lane,
      seq: seq <= rows / 2 ? rows / 2 : rows,
      reason: expect.stringContaining('replaced'),
    });
    // Without checkpoints the chain is right in itself: that is what they are for.
    await log.tamper((owner) => owner.query('truncate actp_audit.checkpoints'));
    expect(await log.verify({ outside: undefined })).toMatchObject({ ok: true });
  });

  it('a partition that was replaced by an empty one, with its lanes', async () => {
    const { day } = await log.somewhere();
    const name = `log_${day.replaceAll('-', '')}`;
    await stores.sql.query(`drop table actp_audit.${name}`);
    await log.tamper((owner) => owner.query('delete from actp_audit.lanes where day = $1', [day]));
    await stores.sql.query('select actp_audit.make_partition($1)', [day]);
    expect(await log.verify()).toMatchObject({
      ok: false,
      first_bad: { day, reason: expect.stringContaining('missing') },
    });
  });

  it('a checkpoint that was changed, taken out, or signed with another key', async () => {
    const change = async (statement: string) => {
      await log.tamper((owner) => owner.query(statement));
      return (await log.verify()).first_bad;
    };
    expect(
      await change(
        `update actp_audit.checkpoints set payload = replace(payload, '"lane":0', '"lane": 0') where n = 1`,
      ),
    ).toEqual({ checkpoint: 1, reason: 'this checkpoint is not signed by the auditor' });
    expect(await change('delete from actp_audit.checkpoints where n = 1')).toEqual({
      checkpoint: 1,
      reason: 'this checkpoint is missing',
    });
    expect(await change('delete from actp_audit.checkpoints')).toMatchObject({
      checkpoint: 2,
      reason: expect.stringContaining('outside'),
    });
  });

  it('a day that says it was dropped, without the auditor’s signature', async () => {
    const { day } = await log.somewhere();
    const payload = JSON.stringify({ v: 1, n: 3, kind: 'retired', day, at: '', prev: '', heads: [] });
    await log.tamper(async (owner) => {
      await owner.query('truncate actp_agent_audit_log');
      await owner.query('update actp_audit.lanes set seq = 0');
      await owner.query(`insert into actp_audit.checkpoints (n, payload, signature) values (3, $1, 'AAAA')`, [
        payload,
      ]);
    });
    expect((await log.verify()).first_bad).toMatchObject({ checkpoint: 3 });
  });

  it('rows of a day that was dropped, which somebody has written since', async () => {
    const { day } = await log.somewhere();
    await log.sign({ kind: 'retired', day });
    const { ok, problems } = await log.verify();
    expect(ok).toBe(false);
    expect(problems).toContainEqual(
      expect.objectContaining({ day, reason: 'its day was dropped, and has rows again' }),
    );
  });

  it('an older copy of the whole database, through the checkpoint outside of it', async () => {
    await log.tamper((owner) =>
      owner.query(
        'truncate actp_agent_audit_log, actp_audit.checkpoints; update actp_audit.lanes set seq = 0',
      ),
    );
    expect((await log.verify()).first_bad).toMatchObject({
      checkpoint: 2,
      reason: expect.stringContaining('older copy'),
    });
  });
});
