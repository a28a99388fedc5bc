import { describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import type { Observation } from '@actp/review/findings/finding';
import { couldNotLook, looked, type SourceReview } from '@actp/review/findings/source-review';
import { createLogger } from '@actp/shared/log';
import { openStores } from '@actp/testing/stores';
import { applyAccepted } from './apply-accepted.ts';
import { listFindings, listReviews } from './list.ts';
import { recordReview } from './record.ts';
import { reviewSummary } from './summary-text.ts';

const stores = await openStores();
const db = createDb(stores.env, 'inspector', 20_000);
const deps = {
  db,
  producer: { add: () => Promise.reject(new Error('no Redis is needed here')) },
  log: createLogger({ app: 'test', level: 'silent' }),
};

let second = 0;
// Each review begins after the one before.
const later = () => new Date(Date.UTC(2026, 10, 26) + 1_000 * (second += 1)).toISOString();
const record = (project: string, review: SourceReview, startedAt = later()) =>
  recordReview(deps, { project, startedAt, review });
const seen = (name: string, over: Partial<Observation> = {}): Observation => ({
  kind: 'vulnerability',
  severity: 'high',
  package: name,
  version: '1.0.0',
  title: `${name} is vulnerable`,
  about: [name],
  ...over,
});
const states = async (project: string) =>
  Object.fromEntries(
    (await listFindings(db, { project, limit: 100 })).map(({ finding }) => [finding.package, finding.state]),
  );
const messages = async (text: string) => {
  const { rows } = await stores.sql.query<{ body: string }>(
    `select body from actp_notifications where body like '%' || $1 || '%' order by created_at`,
    [text],
  );
  return rows.map(({ body }) => body);
};

describe('[SEC-017] findings of reviews', () => {
  it('are the same rows in every run, none lost and none doubled', async () => {
    const review = looked('osv', [seen('a'), seen('b'), seen('a')]);
    expect(await record('same', review)).toEqual({ new: 2, fixed: 0 });
    const first = await listFindings(db, { project: 'same', limit: 100 });
    for (let run = 0; run < 3; run += 1) expect(await record('same', review)).toEqual({ new: 0, fixed: 0 });
    const last = await listFindings(db, { project: 'same', limit: 100 });
    expect(last.map(({ finding }) => finding.id)).toEqual(first.map(({ finding }) => finding.id));
    expect(last.map(({ finding }) => finding.first_seen_at)).toEqual(
      first.map(({ finding }) => finding.first_seen_at),
    );
    expect(await messages('New findings in same')).toHaveLength(1);
  });

  it('are fixed when their source looks and sees them no more, and new when they come back', async () => {
    await record('fixed', looked('osv', [seen('a'), seen('b')]));
    expect(await record('fixed', looked('osv', [seen('b')]))).toEqual({ new: 0, fixed: 1 });
    expect(await states('fixed')).toEqual({ a: 'fixed', b: 'open' });
    expect(await record('fixed', looked('osv', [seen('a'), seen('b')]))).toEqual({ new: 1, fixed: 0 });
    expect(await states('fixed')).toEqual({ a: 'open', b: 'open' });
    expect(await messages('New findings in fixed')).toHaveLength(2);
  });

  it('are never fixed by a source that could not look, which still adds what it has seen', async () => {
    await record('blind', looked('npm-audit', [seen('a')]));
    await record('blind', couldNotLook('npm-audit', 'the registry refuses the call', [seen('c')]));
    expect(await states('blind')).toEqual({ a: 'open', c: 'open' });
    expect(await listReviews(db, 'blind')).toMatchObject([
      { source: 'npm-audit', verdict: 'unavailable', reason: 'the registry refuses the call' },
    ]);
  });

  it('that two sources see are one, and open until both see them no more', async () => {
    await record('two', looked('osv', [seen('a')]));
    expect(await record('two', looked('npm-audit', [seen('a')]))).toEqual({ new: 0, fixed: 0 });
    expect(await record('two', looked('osv', []))).toEqual({ new: 0, fixed: 0 });
    expect(await states('two')).toEqual({ a: 'open' });
    expect(await record('two', looked('npm-audit', []))).toEqual({ new: 0, fixed: 1 });
  });

  it('of a review that began earlier than the recorded one change nothing', async () => {
    const early = later();
    await record('order', looked('osv', [seen('a')]));
    expect(await record('order', looked('osv', []), early)).toEqual({ new: 0, fixed: 0 });
    expect(await states('order')).toEqual({ a: 'open' });
  });

  it('of two reviews at the same time are merged one after the other', async () => {
    const at = later();
    const results = await Promise.all(
      Array.from({ length: 6 }, () => record('race', looked('osv', [seen('a'), seen('b')]), at)),
    );
    expect(results.reduce((total, entry) => total + entry.new, 0)).toBe(2);
    expect(await messages('New findings in race')).toHaveLength(1);
  });

  it('go to the operators at once when they are new and high or critical, the others do not', async () => {
    await record(
      'loud',
      looked('osv', [seen('quiet', { severity: 'medium' }), seen('low', { severity: 'low' })]),
    );
    expect(await messages('New findings in loud')).toEqual([]);
    const many = Array.from({ length: 14 }, (_, n) =>
      seen(`loud-${n}`, { severity: n === 13 ? 'critical' : 'high' }),
    );
    await record('loud', looked('osv', many));
    const [body = '', ...others] = await messages('New findings in loud');
    expect(others).toEqual([]);
    expect(body.split('\n')[1]).toBe('• critical: loud-13 is vulnerable');
    expect(body).toContain('... and 4 more');
  });
});

describe('[SEC-017] what strangers wrote', () => {
  const hostile = `\u001B[2J\u009B31m\u202E\u0000\uD800\n\r\t<b>&_*[x](https://example.com)${'n'.repeat(4_096)}`;
  const unseen = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u;

  it('reaches no row, message or summary as it is, and is kept once', async () => {
    const review = couldNotLook('npm-audit', `could not look at ${hostile}`, [
      seen(hostile, { version: hostile, path: hostile, detail: hostile, title: `${hostile} is vulnerable` }),
    ]);
    expect(await record('hostile', review)).toEqual({ new: 1, fixed: 0 });
    expect(await record('hostile', review)).toEqual({ new: 0, fixed: 0 });
    const found = (await listFindings(db, { project: 'hostile', limit: 10 })).map(({ finding }) => finding);
    const reviews = await listReviews(db, 'hostile');
    expect([found.length, reviews.length]).toEqual([1, 1]);
    const texts = [
      ...(await messages('New findings in hostile')),
      reviewSummary([], found, reviews),
      ...[...found, ...reviews].flatMap((row) => Object.values(row)).filter((value) => value !== null),
    ];
    expect(texts.length).toBeGreaterThan(10);
    for (const text of texts) {
      expect(text).not.toMatch(unseen);
      expect(text.length).toBeLessThan(3_000);
    }
  });
});

describe('[SEC-017] any order of reviews', () => {
  it('leaves the state that the last look of each source gives', async () => {
    const names = ['a', 'b', 'c'];
    const seenBy = new Map<string, Set<string>>();
    // The same order in every run; small enough to repeat itself.
    let number = 7;
    const next = (below: number) => (number = (number * 48_271) % 2_147_483_647) % below;
    for (let step = 0; step < 60; step += 1) {
      const source = ['osv', 'npm-audit'][next(2)] ?? '';
      const present = names.filter(() => next(2) === 0);
      const isBlind = next(4) === 0;
      const all = present.map((name) => seen(name));
      const expected = { new: 0, fixed: 0 };
      for (const name of present) {
        const by = seenBy.get(name) ?? new Set();
        if (by.size === 0) expected.new += 1;
        seenBy.set(name, by.add(source));
      }
      for (const [name, by] of seenBy) {
        if (isBlind || present.includes(name) || !by.delete(source)) continue;
        if (by.size === 0) expected.fixed += 1;
      }
      const review = isBlind ? couldNotLook(source, 'no network', all) : looked(source, all);
      expect(await record('order-of-all', review)).toEqual(expected);
      expect(await states('order-of-all')).toEqual(
        Object.fromEntries([...seenBy].map(([name, by]) => [name, by.size === 0 ? 'fixed' : 'open'])),
      );
    }
  });
});

describe('[SEC-017] accepted findings', () => {
  const idOf = async (project: string) => {
    const [row] = await listFindings(db, { project, limit: 1 });
    return row?.finding.id ?? '';
  };
  const audited = async (id: string) => {
    const { rows } = await stores.sql.query<{ action_type: string; because: string | null }>(
      `select action_type, result ->> 'because' as because from actp_agent_audit_log
       where result ->> 'finding' = $1 order by created_at, action_type`,
      [id],
    );
    return rows.map(({ action_type, because }) => [action_type, because]);
  };
  const soon = (ms: number) => new Date(Date.now() + ms).toISOString();

  it('are quiet while the acceptance lasts, and audited when it begins and ends', async () => {
    await record('accept', looked('osv', [seen('a')]));
    const id = await idOf('accept');
    const entry = { finding: id, reason: 'only used by tests', until: soon(3_600_000) };
    await applyAccepted(deps, [entry]);
    await applyAccepted(deps, [entry]);
    expect(await states('accept')).toEqual({ a: 'accepted' });
    await record('accept', looked('osv', [seen('a')]));
    expect(await states('accept')).toEqual({ a: 'accepted' });
    await applyAccepted(deps, []);
    expect(await states('accept')).toEqual({ a: 'open' });
    expect(await audited(id)).toEqual([
      ['finding.accept', null],
      ['finding.accept_end', 'withdrawn'],
    ]);
    expect(await messages('No longer accepted\n• high: a is vulnerable')).toHaveLength(1);
  });

  it('are open again when their time is over', async () => {
    await record('expire', looked('osv', [seen('e')]));
    const id = await idOf('expire');
    const entry = { finding: id, reason: 'until the next release', until: soon(3_600_000) };
    await applyAccepted(deps, [entry]);
    await stores.sql.query(
      `update actp_accepted_findings set until = now() - interval '1 second' where finding_id = $1`,
      [id],
    );
    await applyAccepted(deps, [{ ...entry, until: soon(-1_000) }]);
    expect(await states('expire')).toEqual({ e: 'open' });
    expect(await audited(id)).toEqual([
      ['finding.accept', null],
      ['finding.accept_end', 'expired'],
    ]);
  });

  it('that are accepted before they are seen come without a message', async () => {
    await record('before', looked('osv', [seen('f')]));
    const id = await idOf('before');
    await record('before', looked('osv', []));
    await applyAccepted(deps, [{ finding: id, reason: 'known', until: soon(3_600_000) }]);
    await record('before', looked('osv', [seen('f')]));
    expect(await states('before')).toEqual({ f: 'accepted' });
    expect(await messages('New findings in before')).toHaveLength(1);
  });

  it('that are fixed and come back are accepted as long as the acceptance lasts, also seen by a source that is blind', async () => {
    await record('return', looked('osv', [seen('g')]));
    const id = await idOf('return');
    await applyAccepted(deps, [{ finding: id, reason: 'known', until: soon(3_600_000) }]);
    await record('return', looked('osv', []));
    expect(await states('return')).toEqual({ g: 'fixed' });
    await record('return', couldNotLook('osv', 'half of it', [seen('g')]));
    expect(await states('return')).toEqual({ g: 'accepted' });
    await record('return', couldNotLook('osv', 'nothing of it'));
    expect(await states('return')).toEqual({ g: 'accepted' });
    await applyAccepted(deps, []);
    expect(await states('return')).toEqual({ g: 'open' });
  });
});
