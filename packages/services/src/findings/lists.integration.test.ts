import { beforeEach, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import type { Observation } from '@actp/review/findings/finding';
import { couldNotLook, looked } from '@actp/review/findings/source-review';
import { createLogger } from '@actp/shared/log';
import { openStores } from '@actp/testing/stores';
import { applyAccepted } from './apply-accepted.ts';
import { countFindings } from './count.ts';
import { listFindings, listReviews } from './list.ts';
import { recordReview } from './record.ts';

const stores = await openStores();
const db = createDb(stores.env, 'inspector', 20_000);
const hints: unknown[] = [];
const deps = {
  db,
  producer: {
    add: async (...job: unknown[]) => {
      hints.push(job);
    },
  } as unknown as Parameters<typeof applyAccepted>[0]['producer'], // of all jobs, only this one
  log: createLogger({ app: 'test', level: 'silent' }),
};
const seen = (severity: Observation['severity'], name: string = severity): Observation => ({
  ...{ kind: 'vulnerability', severity, package: name, version: '1.0.0', path: 'package-lock.json' },
  ...{ title: `${name} is vulnerable`, detail: 'CVE-1', about: [name] },
});
const record = (project: string, ...observations: Observation[]) =>
  recordReview(deps, {
    ...{ project, startedAt: new Date().toISOString() },
    review: looked('osv', observations),
  });
const severities = ['critical', 'high', 'medium', 'low'] as const;
const names = async (query: Partial<Parameters<typeof listFindings>[1]> = {}) =>
  (await listFindings(db, { limit: 10, ...query })).map(
    ({ finding }) => `${finding.project} ${finding.package}`,
  );

beforeEach(async () => {
  await stores.sql.query('truncate actp_findings, actp_accepted_findings cascade');
  hints.length = 0;
});

it('findings are counted by project, severity and state, but for those that are fixed', async () => {
  expect(await countFindings(db)).toEqual([]);
  await record('shop', ...severities.map((severity) => seen(severity)), seen('low', 'other'));
  await record('site', seen('high'));
  const [first] = await listFindings(db, { project: 'site', limit: 1 });
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const accepted = { finding: first?.finding.id ?? '', reason: 'known', until };
  const begun = await applyAccepted(deps, [accepted]);
  expect(begun).toEqual({ now: expect.any(String) as string, begun: 1, ended: 0 });
  const counts = await countFindings(db);
  expect(counts).toHaveLength(5);
  for (const severity of severities) {
    const count = severity === 'low' ? 2 : 1;
    expect(counts).toContainEqual({ project: 'shop', severity, state: 'open', count });
  }
  expect(counts).toContainEqual({ project: 'site', severity: 'high', state: 'accepted', count: 1 });
  await record('shop');
  expect(await countFindings(db)).toHaveLength(1);
});

it('findings are listed a page at a time, newest first, of what was asked for', async () => {
  await record('shop', seen('high', 'a'));
  await record('site', seen('low', 'b'));
  await record('shop', seen('high', 'a'), seen('medium', 'c'));
  await record('site');
  const [newest, next, ...more] = await listFindings(db, { limit: 2 });
  expect([newest?.finding.package, next?.finding.package, more.length]).toEqual(['c', 'b', 0]);
  expect(await names({ before: next?.position })).toEqual(['shop a']);
  expect(await names({ project: 'shop' })).toEqual(['shop c', 'shop a']);
  expect(await names({ severity: 'medium' })).toEqual(['shop c']);
  expect(await names({ state: 'fixed' })).toEqual(['site b']);
  const time = expect.stringMatching(/^\d{4}-.*Z$/) as string;
  expect(newest?.finding).toEqual({
    ...{ id: expect.any(String) as string, project: 'shop', kind: 'vulnerability', severity: 'medium' },
    ...{
      package: 'c',
      version: '1.0.0',
      path: 'package-lock.json',
      title: 'c is vulnerable',
      detail: 'CVE-1',
    },
    ...{ state: 'open', first_seen_at: time, last_seen_at: time },
  });
});

it('the last look of each source is known, at all projects or at one', async () => {
  const startedAt = new Date().toISOString();
  await record('looked-at', seen('low'));
  await recordReview(deps, { project: 'blind', startedAt, review: couldNotLook('osv', 'no network') });
  await recordReview(deps, { project: 'clean', startedAt, review: looked('osv', []) });
  const reviews = await listReviews(db);
  const finished_at = expect.stringMatching(/^\d{4}-.*Z$/) as string;
  for (const [project, verdict, reason] of [
    ['looked-at', 'findings', null],
    ['blind', 'unavailable', 'no network'],
    ['clean', 'clean', null],
  ] as const)
    expect(reviews).toContainEqual({ project, source: 'osv', verdict, reason, finished_at });
  expect(await listReviews(db, 'blind')).toHaveLength(1);
});

it('a message to the operators is sent soon where there is one', async () => {
  await record('quiet', seen('low'));
  expect(hints).toEqual([]);
  await record('loud', seen('critical'));
  expect(hints).toHaveLength(1);
  const [first] = await listFindings(db, { project: 'loud', limit: 1 });
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const accepted = [{ finding: first?.finding.id ?? '', reason: 'known', until }];
  expect(await applyAccepted(deps, accepted)).toMatchObject({ begun: 1, ended: 0 });
  const beforehand = hints.length;
  expect(await applyAccepted(deps, accepted)).toMatchObject({ begun: 0, ended: 0 });
  expect(hints).toHaveLength(beforehand);
  expect(await applyAccepted(deps, [])).toMatchObject({ begun: 0, ended: 1 });
  expect(hints).toHaveLength(beforehand + 1);
  const { rows } = await stores.sql.query<{ id: string }>('select id from actp_notifications');
  for (const hint of hints) {
    const [name, { notification_id }] = hint as [string, { notification_id: string }];
    expect(name).toBe('send-notification');
    expect(rows.map(({ id }) => id)).toContain(notification_id);
  }
});
