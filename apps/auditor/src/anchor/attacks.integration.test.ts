import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openAttacked, otherPlane, redisKey, stranger } from './attacks.fixture.ts';

const plane = await openAttacked();
const { stores, path, copyPath } = plane;

async function startAgain() {
  await plane.startServerAgain();
  const keeper = plane.newKeeper();
  await keeper.look();
  return keeper;
}
const ahead = async () => ({ total: (await plane.anchored()).total + 100 });

describe('an older anchor that is put back together with an older database', () => {
  it.each([
    ['Redis', (text: string) => stores.redis.set(redisKey, text)],
    ['the data folder', (text: string) => writeFile(copyPath, text)],
  ])('is shown by the copy in %s, until an operator accepts it', async (where, put) => {
    await plane.begin();
    await put(await plane.anchorWith(await ahead()));
    const keeper = await startAgain();
    expect(await plane.hold()).toMatchObject({ code: 'behind' });
    expect((await plane.hold())?.reason).toContain(`a copy in ${where}`);
    expect((await plane.accept()).result).toBe('accepted');
    await keeper.look();
    await startAgain();
    expect(await plane.hold()).toBeNull();
  });

  it('is not held by copies that do not count: of another plane, changed, signed by others, no anchors', async () => {
    await plane.begin();
    const later = await ahead();
    const texts = [
      await plane.anchorWith({ ...later, plane_id: otherPlane }),
      await plane.anchorWith(later, stranger),
      (await plane.anchorWith(later)).replace('total', 'totals'),
      'no anchor',
    ];
    for (const text of texts) {
      await stores.redis.set(redisKey, text);
      await writeFile(copyPath, text);
      await startAgain();
      expect([text, await plane.hold()]).toEqual([text, null]);
    }
  });

  it('is held where the anchor is gone as well, and the database does not know that it has had one', async () => {
    await plane.begin();
    await stores.redis.set(redisKey, await plane.anchorWith(await ahead()));
    await rm(path);
    await stores.sql.query('update actp_audit.plane set anchored_rows = null');
    await startAgain();
    expect(await plane.hold()).toMatchObject({ code: 'anchor_missing' });
  });
});

it('a signed anchor of an earlier moment that is put back is written anew, and holds nothing', async () => {
  const keeper = await plane.begin();
  const earlier = await readFile(path, 'utf8');
  await plane.changeSomething();
  await keeper.look();
  const { total } = await plane.anchored();
  await writeFile(path, earlier);
  await plane.changeSomething();
  await keeper.look();
  expect((await plane.anchored()).total).toBe(total + 1);
  await writeFile(path, earlier);
  await startAgain();
  expect(await plane.hold()).toBeNull();
});

it('the same backup put back and accepted twice asks each time once', async () => {
  await plane.begin();
  for (let n = 0; n < 2; n += 1) {
    // What was accepted before has gone on elsewhere, an epoch later.
    await plane.put({ ...(await ahead()), epoch: (await plane.anchored()).epoch + n });
    const keeper = await startAgain();
    expect(await plane.hold()).toMatchObject({ code: 'behind' });
    await plane.accept();
    await keeper.look();
    await startAgain();
    expect([n, await plane.hold()]).toEqual([n, null]);
  }
});

describe('one anchor file', () => {
  it('of two copies of a plane that both run holds the one that comes second', async () => {
    const keeper = await plane.begin();
    await plane.put(await ahead());
    const text = await readFile(path, 'utf8');
    await plane.changeSomething();
    await keeper.look();
    expect(await plane.hold()).toMatchObject({ code: 'behind' });
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('of two planes is left to the other, people are told, and nothing is held', async () => {
    const keeper = await plane.begin();
    const own = await readFile(path, 'utf8');
    await plane.put({ plane_id: otherPlane });
    const text = await readFile(path, 'utf8');
    for (let n = 0; n < 2; n += 1) {
      await plane.changeSomething();
      await keeper.look();
    }
    expect([await plane.hold(), await readFile(path, 'utf8')]).toEqual([null, text]);
    expect(await plane.told('plane.anchor_unwritten')).toBe(1);
    const problem = await plane.one<string>('(select anchor_problem from actp_audit.plane)');
    expect(problem).toContain('another plane writes its anchor there');
    await writeFile(path, own);
    await plane.changeSomething();
    await keeper.look();
    expect(await plane.one('(select anchor_problem from actp_audit.plane)')).toBeNull();
  });

  it('of two auditors of one database holds nothing', async () => {
    const first = await plane.begin();
    const second = plane.newKeeper();
    await second.look();
    for (const keeper of [first, second, first, first, second]) {
      await plane.changeSomething();
      await keeper.look();
    }
    expect([await plane.hold(), first.isConfirmed(), second.isConfirmed()]).toEqual([null, true, true]);
    expect(await plane.one('(select anchor_problem from actp_audit.plane)')).toBeNull();
  });
});

it('auditors of several machines that hold for different reasons tell people once of each', async () => {
  await plane.begin();
  const elsewhere = join(plane.folder, 'second.json');
  await plane.put(await ahead());
  await copyFile(path, elsewhere);
  await writeFile(elsewhere, 'no anchor');
  await plane.startServerAgain();
  const before = await plane.told('plane.held');
  const keepers = [plane.newKeeper(), plane.newKeeper(elsewhere)];
  for (let n = 0; n < 4; n += 1) for (const keeper of keepers) await keeper.look();
  expect((await plane.told('plane.held')) - before).toBe(2);
  // What the readable anchor has named as stopped is not forgotten for the other one's sake.
  expect(await plane.one('(select held_stopped from actp_audit.plane)')).toEqual([]);
  expect((await plane.accept()).result).toBe('accepted');
});

it('a clock that is set back leaves no chain out of the anchor that grows now', async () => {
  await plane.begin();
  for (const days of [5, 6]) await plane.changeSomething(`now() + ${days} * interval '1 day'`);
  await plane.changeSomething();
  await startAgain();
  const [{ heads }, today] = [
    await plane.anchored(),
    await plane.one<string>(`(now() at time zone 'UTC')::date::text`),
  ];
  expect(new Set(heads.map(({ day }) => day)).size).toBeGreaterThanOrEqual(3);
  expect(heads.some(({ day }) => day === today)).toBe(true);
});

describe('TRUNCATE', () => {
  it('of the row that says which plane it is holds it, until an operator accepts it', async () => {
    const keeper = await plane.begin();
    await stores.sql.query('truncate actp_audit.plane');
    expect(await plane.hold()).toMatchObject({ code: 'unconfirmed' });
    await plane.changeSomething();
    await eventually(async () => {
      await keeper.look();
      return (await plane.hold())?.code === 'other_plane';
    });
    expect(keeper.isConfirmed()).toBe(false);
    await startAgain();
    expect(await plane.hold()).toMatchObject({ code: 'other_plane' });
    expect((await plane.accept()).result).toBe('accepted');
    await startAgain();
    expect(await plane.hold()).toBeNull();
    const [id] = [await plane.one('(select plane_id::text from actp_audit.plane)')];
    expect((await plane.anchored()).plane_id).toBe(id);
  });

  it('of the chains holds the plane at once, and of the audit log at its next start', async () => {
    await plane.begin();
    await expect(stores.sql.query('truncate actp_agent_audit_log')).rejects.toThrow('append-only');
    await plane.asSuperuser('truncate actp_agent_audit_log');
    const keeper = await startAgain();
    expect(await plane.hold()).toMatchObject({ code: 'behind' });
    await plane.accept();
    await keeper.look();
    await plane.changeSomething();
    await keeper.look();
    expect(await plane.hold()).toBeNull();
    await stores.sql.query('truncate actp_audit.lanes');
    await keeper.look();
    expect(await plane.hold()).toMatchObject({ code: 'behind' });
  });
});
