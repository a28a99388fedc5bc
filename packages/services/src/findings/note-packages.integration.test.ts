import { beforeEach, describe, expect, it } from 'vitest';
import { createDb, type Db } from '@actp/db/client';
import { lockedPackage, type LockedPackage } from '@actp/review/lock-files/lock-file';
import { createLogger } from '@actp/shared/log';
import { openStores } from '@actp/testing/stores';
import { notePackages, packageKey } from './note-packages.ts';
import { createRecorder } from './recorder.ts';

const { env, sql } = await openStores();
const db = createDb(env, 'inspector', 20_000);
const npm = (name: string, over: Partial<LockedPackage> = {}) =>
  lockedPackage({ ecosystem: 'npm', name, version: '1.0.0', ...over });
const note = (...packages: LockedPackage[]) => notePackages(db, 'shop', packages);
const stored = async () =>
  (
    await sql.query<{ name: string; version: string }>(
      `select name, version from actp_reviewed_packages order by name, version`,
    )
  ).rows.map(({ name, version }) => `${name} ${version}`);
const firstSeenAt = expect.any(String) as string;

beforeEach(() => sql.query('delete from actp_reviewed_packages'));

describe('the packages of a project', () => {
  it('are noted with their facts, and told the next time', async () => {
    const facts = { integrity: 'sha512-a', resolved: 'https://registry.example/a', hasScript: true };
    expect(await note(npm('a', facts), npm('b'))).toEqual(new Map());
    const known = await note(npm('a', { version: '2.0.0' }), npm('b'), npm('c'));
    expect([...known]).toEqual([
      [packageKey('npm', 'a'), [{ name: 'a', version: '1.0.0', ...facts, firstSeenAt }]],
      [
        packageKey('npm', 'b'),
        [{ name: 'b', version: '1.0.0', integrity: null, resolved: null, hasScript: null, firstSeenAt }],
      ],
    ]);
    const all = (await note(npm('a'))).get(packageKey('npm', 'a')) ?? [];
    expect(all.map(({ version }) => version).toSorted()).toEqual(['1.0.0', '2.0.0']);
  });

  it('are of one ecosystem, and of one project', async () => {
    await note(npm('a'), lockedPackage({ ecosystem: 'pip', name: 'p', version: '1' }));
    const other = await note(lockedPackage({ ecosystem: 'pip', name: 'a' }), npm('p'));
    expect(other).toEqual(new Map());
    expect(await notePackages(db, 'another', [npm('a')])).toEqual(new Map());
    expect((await note(lockedPackage({ ecosystem: 'pip', name: 'p' }))).has(packageKey('pip', 'p'))).toBe(
      true,
    );
  });

  it('are told by address or commit where they come from no registry', async () => {
    await note(npm('g', { origin: 'git', resolved: 'git+ssh://a.example/g.git#1' }));
    expect(await stored()).toEqual(['g git+ssh://a.example/g.git#1']);
  });

  it('are none of those that no registry can have, and of which the database keeps nothing', async () => {
    await note(
      ...['', 'x'.repeat(215), 'nu\0l'].map((name) => npm(name)),
      npm('v', { version: '1\0' }),
      npm('i', { integrity: 'a\0' }),
      npm('r', { resolved: 'a\0' }),
      npm('x'.repeat(214)),
      npm('long', { version: '1'.repeat(300), integrity: 'i'.repeat(3_000), resolved: 'r'.repeat(3_000) }),
    );
    expect(await stored()).toEqual([`long ${'1'.repeat(200)}`, `${'x'.repeat(214)} 1.0.0`]);
    const { rows } = await sql.query(
      `select length(facts ->> 'integrity') as i, length(facts ->> 'resolved') as r from actp_reviewed_packages where name = 'long'`,
    );
    expect(rows).toEqual([{ i: 2_000, r: 2_000 }]);
  });

  it('are noted in calls of two thousand, in which none is known since the call before', async () => {
    const packages = Array.from({ length: 2_100 }, (_, n) => npm(`p${String(10_000 + n)}`)).toReversed();
    // By name these are the last of the first 2,000 and the first of the next.
    const twice = packages.map((entry) =>
      entry.name === 'p12000' ? npm('p11999', { version: '2.0.0' }) : entry,
    );
    const sizes: number[] = [];
    const counting: Db = {
      call: async (build) => {
        const answer = await db.call(build);
        const { rows } = await sql.query<{ n: number }>(
          'select count(*)::int as n from actp_reviewed_packages',
        );
        sizes.push(rows[0]?.n ?? 0);
        return answer;
      },
    };
    // None of them was known before, whatever an earlier call has noted.
    expect(await notePackages(counting, 'shop', twice)).toEqual(new Map());
    expect(sizes).toEqual([2_000, 2_100]);
    // Each version once, in whichever call its name stands.
    const again = await notePackages(db, 'shop', twice);
    expect([...again.values()].flat()).toHaveLength(2_100);
    expect(again.get(packageKey('npm', 'p11999'))).toHaveLength(2);
    const known = await note(npm('p11999'), npm('p10000'), npm('p12099'));
    expect(known.size).toBe(3);
    expect(known.get(packageKey('npm', 'p11999'))).toHaveLength(2);
  });
});

it('a review finds what was known before, by ecosystem and name', async () => {
  const producer = { add: () => Promise.reject(new Error('no Redis is needed here')) };
  const log = createLogger({ app: 'test', level: 'silent' });
  const recorder = createRecorder({ db, producer, log });
  const startedAt = await recorder.begin([]);
  expect(Math.abs(Date.parse(startedAt) - Date.now())).toBeLessThan(600_000);
  await recorder.known('shop', [npm('a')]);
  const known = await recorder.known('shop', [npm('a'), npm('b')]);
  expect(known('npm', 'a')).toMatchObject([{ name: 'a', version: '1.0.0' }]);
  expect([known('npm', 'b'), known('pip', 'a')]).toEqual([[], []]);
  const observation = { kind: 'vulnerability', severity: 'low', title: 'a is old', about: ['a'] } as const;
  const review = { source: 'osv', verdict: 'findings', reason: null, observations: [observation] } as const;
  expect(await recorder.record('shop', startedAt, review)).toEqual({ new: 1, fixed: 0 });
});
