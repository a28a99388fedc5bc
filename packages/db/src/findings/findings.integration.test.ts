import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowCalls, rowsLeftBy } from '../audit/rows.fixture.ts';

const { sql } = await openDatabase();
const { call } = rowCalls(sql);

let second = 0;
// Each look begins after the one before.
const later = () => new Date(Date.UTC(2026, 0, 1) + 1_000 * (second += 1)).toISOString();
const seen = (id: string, over: object = {}) => ({
  id,
  kind: 'vulnerability',
  severity: 'high',
  title: `finding ${id}`,
  ...over,
});
const record = (project: string, findings: object[], over: object = {}) =>
  call<{ recorded: boolean; new: number; fixed: number; notification_id: string | null }>(
    'record_review($1)',
    JSON.stringify({ project, source: 'osv', verdict: 'clean', started_at: later(), findings, ...over }),
  );
const accept = (...entries: object[]) =>
  call<{ begun: number; ended: number; notification_id: string | null }>(
    'apply_accepted_findings($1)',
    JSON.stringify(entries),
  );
const entry = (finding: string, over: object = {}) => ({
  finding,
  reason: 'known',
  until: '2999-01-01T00:00:00Z',
  ...over,
});
const stateOf = async (id: string) => {
  const { rows } = await sql.query<{ state: string }>('select state from actp_findings where id = $1', [id]);
  return rows[0]?.state;
};
const rowOf = async (id: string) => {
  const { rows } = await sql.query<Record<string, unknown>>('select * from actp_findings where id = $1', [
    id,
  ]);
  return rows[0] ?? {};
};
const bodyOf = async (id: string | null) => {
  const { rows } = await sql.query<{ body: string; kind: string }>(
    'select body, kind from actp_notifications where id = $1',
    [id],
  );
  return rows[0];
};

beforeEach(() =>
  sql.query(
    'truncate actp_findings, actp_accepted_findings, actp_reviews, actp_reviewed_packages, actp_notifications cascade',
  ),
);

describe('a look at a project', () => {
  it('says what is new and what is fixed, and touches no other project', async () => {
    const [one, two, other] = [randomUUID(), randomUUID(), randomUUID()];
    expect(await record('shop', [seen(one), seen(two), seen(one)])).toMatchObject({ new: 2, fixed: 0 });
    expect(await record('blog', [seen(other)])).toMatchObject({ new: 1, fixed: 0 });
    expect(await record('shop', [seen(two)])).toMatchObject({ recorded: true, new: 0, fixed: 1 });
    expect([await stateOf(one), await stateOf(two), await stateOf(other)]).toEqual(['fixed', 'open', 'open']);
    expect(await rowOf(one)).toMatchObject({ seen_by: [], fixed_at: expect.any(Date) });
    expect(await rowOf(two)).toMatchObject({ seen_by: ['osv'], fixed_at: null });
  });

  it('that began before the last one of its project and source changes nothing', async () => {
    const [early, late] = [later(), later()];
    const [one, other] = [randomUUID(), randomUUID()];
    await record('shop', [seen(one)], { started_at: late });
    expect(await record('shop', [], { started_at: early })).toEqual({
      recorded: false,
      new: 0,
      fixed: 0,
      notification_id: null,
    });
    expect(await record('blog', [seen(other)], { started_at: early })).toMatchObject({ recorded: true });
    expect(await record('shop', [], { started_at: early, source: 'npm-audit' })).toMatchObject({
      recorded: true,
    });
    expect(await record('shop', [], { started_at: late })).toMatchObject({ recorded: true, fixed: 1 });
  });

  it('keeps what is known, with what was said last, and when it was seen first', async () => {
    const id = randomUUID();
    await record('shop', [seen(id, { severity: 'low', path: 'a.lock', detail: 'first' })]);
    const first = await rowOf(id);
    await record('shop', [seen(id, { severity: 'medium', path: 'b.lock' })]);
    expect(await rowOf(id)).toMatchObject({
      severity: 'medium',
      path: 'b.lock',
      detail: '',
      first_seen_at: first['first_seen_at'],
      seen_by: ['osv'],
    });
    await record('shop', [seen(id)], { source: 'npm-audit' });
    expect(await rowOf(id)).toMatchObject({ seen_by: ['osv', 'npm-audit'] });
    // What comes back is seen by the one that sees it now.
    await record('shop', []);
    expect(await rowOf(id)).toMatchObject({ state: 'open', seen_by: ['npm-audit'], fixed_at: null });
    await record('shop', [], { source: 'npm-audit' });
    expect(await stateOf(id)).toBe('fixed');
    expect(await record('shop', [seen(id)], { source: 'npm-audit' })).toMatchObject({ new: 1 });
    expect(await rowOf(id)).toMatchObject({ state: 'open', seen_by: ['npm-audit'], fixed_at: null });
  });

  it('cuts what is too long for its place', async () => {
    const id = randomUUID();
    const long = 'x'.repeat(5_000);
    const fields = { package: long, version: long, path: long, title: long, detail: long };
    await record('shop', [seen(id, fields)], { verdict: 'unavailable', reason: long });
    const row = await rowOf(id);
    expect(Object.keys(fields).map((name) => String(row[name]).length)).toEqual([
      300, 200, 1_000, 500, 4_000,
    ]);
    const [review] = await call<Array<{ reason: string }>>(`list_reviews('shop')`);
    expect(review?.reason.length).toBe(1_000);
  });

  it('is listed by project and source: the last of each', async () => {
    await record('shop', [], { source: 'osv', verdict: 'unavailable', reason: 'no network' });
    await record('shop', [], { source: 'npm-audit' });
    await record('blog', []);
    await record('shop', []);
    const listed = async (project: string | null) =>
      (await call<Array<Record<string, unknown>>>('list_reviews($1)', project)).map((review) => [
        review['project'],
        review['source'],
        review['verdict'],
        review['reason'],
      ]);
    const shop = [
      ['shop', 'npm-audit', 'clean', null],
      ['shop', 'osv', 'clean', null],
    ];
    expect(await listed('shop')).toEqual(shop);
    expect(await listed(null)).toEqual([['blog', 'osv', 'clean', null], ...shop]);
    expect(await listed('none')).toEqual([]);
  });
});

describe('the message about findings', () => {
  it('has ten lines at most, critical ones first, and says how many more there are', async () => {
    const ten = Array.from({ length: 10 }, (_, n) => seen(randomUUID(), { title: `high ${n}` }));
    const { notification_id: exact } = await record('ten', ten);
    const body = await bodyOf(exact);
    expect(body?.kind).toBe('review.findings');
    expect(body?.body.match(/^• .*/gm)).toEqual(ten.map(({ title }) => `• high: ${title}`));
    expect(body?.body).toMatch(/^🔴 New findings in ten \(osv\)\n/);
    expect(body?.body).not.toContain('more');
    const eleventh = seen(randomUUID(), { severity: 'critical', title: 'worst', path: 'a.lock' });
    const { notification_id: more } = await record('eleven', [
      ...ten.map((finding) => ({ ...finding, id: randomUUID() })),
      eleventh,
    ]);
    const lines = (await bodyOf(more))?.body.split('\n') ?? [];
    expect(lines[1]).toBe('• critical: worst (a.lock)');
    expect(lines.filter((line) => line.startsWith('• '))).toHaveLength(10);
    expect(lines[11]).toBe('... and 1 more');
  });

  it('is about what is high or critical alone, and cut where that is long', async () => {
    const quiet = [seen(randomUUID(), { severity: 'medium' }), seen(randomUUID(), { severity: 'low' })];
    expect(await record('shop', quiet)).toMatchObject({ new: 2, notification_id: null });
    const long = seen(randomUUID(), { title: 't'.repeat(400), path: 'p'.repeat(400) });
    const { notification_id: id } = await record('shop', [...quiet, long]);
    const [, line, next] = (await bodyOf(id))?.body.split('\n') ?? [];
    expect(line).toBe(`• high: ${'t'.repeat(300)} (${'p'.repeat(200)})`);
    expect(next).toBe('');
  });
});

describe('accepted findings', () => {
  it('are those that the file names, once they are there; what is fixed stays fixed', async () => {
    const [one, other, fixed] = [randomUUID(), randomUUID(), randomUUID()];
    await record('shop', [seen(one), seen(other), seen(fixed)]);
    await record('shop', [seen(one), seen(other)]);
    expect(await accept(entry(one), entry(fixed))).toMatchObject({
      begun: 2,
      ended: 0,
      notification_id: null,
    });
    expect([await stateOf(one), await stateOf(other), await stateOf(fixed)]).toEqual([
      'accepted',
      'open',
      'fixed',
    ]);
    expect(await accept(entry(one), entry(fixed))).toMatchObject({ begun: 0, ended: 0 });
    expect(await accept(entry(one, { reason: 'still known' }), entry(fixed))).toMatchObject({
      begun: 1,
      ended: 0,
    });
  });

  it('end one by one, each with its row in the record', async () => {
    const [one, two, three] = [randomUUID(), randomUUID(), randomUUID()];
    await record('shop', [seen(one), seen(two), seen(three)]);
    await accept(entry(one), entry(two), entry(three));
    let answer: unknown;
    const rows = await rowsLeftBy(sql, async () => {
      answer = await accept(entry(three));
    });
    expect(answer).toMatchObject({ begun: 0, ended: 2, notification_id: expect.any(String) });
    expect(rows.map(({ action_type, result }) => [action_type, result?.['finding']])).toEqual(
      [one, two].toSorted().map((id) => ['finding.accept_end', id]),
    );
    expect([await stateOf(one), await stateOf(two), await stateOf(three)]).toEqual([
      'open',
      'open',
      'accepted',
    ]);
    expect((await bodyOf((answer as { notification_id: string }).notification_id))?.body).toMatch(
      /^🔴 No longer accepted\n• high: /,
    );
  });

  it('are over when their time is, and not taken when it is over before', async () => {
    const [one, past] = [randomUUID(), randomUUID()];
    await record('shop', [seen(one), seen(past)]);
    expect(await accept(entry(one), entry(past, { until: '2020-01-01T00:00:00Z' }))).toMatchObject({
      begun: 1,
    });
    expect([await stateOf(one), await stateOf(past)]).toEqual(['accepted', 'open']);
    await sql.query(`update actp_accepted_findings set until = now() - interval '1 hour'`);
    const rows = await rowsLeftBy(sql, () => accept());
    expect(rows).toMatchObject([{ result: { finding: one, because: 'expired' } }]);
  });

  it('of which the file has two entries end with the earlier one', async () => {
    const id = randomUUID();
    await record('shop', [seen(id)]);
    await accept(entry(id), entry(id, { until: '2998-01-01T00:00:00Z', reason: 'x'.repeat(1_500) }));
    const { rows } = await sql.query<{ year: number; long: number }>(
      'select extract(year from until)::int as year, char_length(reason) as long from actp_accepted_findings',
    );
    expect(rows).toEqual([{ year: 2998, long: 1_000 }]);
  });
});

describe('findings', () => {
  it('are counted while they are not fixed, by project, severity and state, with the newest', async () => {
    const [one, two, three, fixed] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    await record('shop', [seen(one), seen(two), seen(three, { severity: 'low' }), seen(fixed)]);
    await record('shop', [seen(one), seen(two), seen(three, { severity: 'low' })]);
    await accept(entry(three));
    await sql.query(
      `update actp_findings set first_seen_at = case when id = $1 then '2026-01-01'::timestamptz else '2026-01-02' end`,
      [one],
    );
    const counts = await call<Array<Record<string, unknown>>>('count_findings()');
    expect(
      counts.toSorted((a, b) => String(a['severity']).localeCompare(String(b['severity']))),
    ).toMatchObject([
      {
        project: 'shop',
        severity: 'high',
        state: 'open',
        count: 2,
        since: expect.stringContaining('2026-01-02'),
      },
      { project: 'shop', severity: 'low', state: 'accepted', count: 1 },
    ]);
    expect(counts).toHaveLength(2);
  });

  it('are listed newest first, by state, severity and project, in pages', async () => {
    const ids = [randomUUID(), randomUUID(), randomUUID()].toSorted();
    await record(
      'shop',
      ids.map((id) => seen(id)),
    );
    const [blog, low] = [randomUUID(), randomUUID()];
    await record('blog', [seen(blog), seen(low, { severity: 'low' })]);
    await record('blog', [seen(blog)]);
    await sql.query(`update actp_findings set first_seen_at = '2026-01-01'`);
    await sql.query(`update actp_findings set first_seen_at = '2026-01-02' where id = $1`, [ids[0]]);
    type Listed = Array<{ id: string; first_seen_at: string }>;
    const list = async (...values: unknown[]) =>
      (await call<Listed>('list_findings($1, $2, $3, $4, $5, $6)', ...values)).map(({ id }) => id);
    expect(await list(null, null, 'shop', null, null, 10)).toEqual([ids[0], ids[2], ids[1]]);
    expect(await list(null, null, 'shop', null, null, 2)).toEqual([ids[0], ids[2]]);
    expect(await list(null, null, 'shop', '2026-01-02', ids[0], 2)).toEqual([ids[2], ids[1]]);
    expect(await list(null, null, 'shop', '2026-01-01', ids[2], 2)).toEqual([ids[1]]);
    expect(await list('fixed', null, null, null, null, 10)).toEqual([low]);
    expect(await list(null, 'low', null, null, null, 10)).toEqual([low]);
    expect(await list('open', 'high', 'blog', null, null, 10)).toEqual([blog]);
  });
});
