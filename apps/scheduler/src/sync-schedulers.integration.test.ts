import { afterAll, describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { cronTable, type CronEntry } from '@actp/shared/cron-table';
import { createProducer } from '@actp/shared/jobs/producer';
import { createLogger } from '@actp/shared/log';
import { openStores } from '@actp/testing/stores';
import { syncSchedulers } from './sync-schedulers.ts';

const stores = await openStores();
const db = createDb(stores.env, 'scheduler', 20_000);
const log = createLogger({ app: 'test', level: 'silent' });
const producer = createProducer({ redis: stores.env, log });
afterAll(() => producer.close());
await stores.redis.ping();

const sync = (table: readonly CronEntry[] = cronTable, tz = 'UTC') =>
  syncSchedulers({ db, producer, table, tz });
const schedulers = () => producer.use('selftest', (queue) => queue.getJobSchedulers());
const delayed = () => producer.use('selftest', (queue) => queue.getDelayed());
const connected = async () => {
  for (let i = 0; i < 200; i += 1) {
    if (
      await producer.ping().then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
await connected();

describe('the cron table in Redis', () => {
  it('[SEC-001] holds nightly_self_test: run-self-test at 02:00, enabled, with its time zone', async () => {
    expect(cronTable.find((entry) => entry.name === 'nightly_self_test')).toEqual({
      name: 'nightly_self_test',
      queue: 'selftest',
      job: 'run-self-test',
      pattern: '0 2 * * *',
      enabled: true,
      payload: { trigger: 'nightly' },
      catchUpSeconds: 12 * 3_600,
    });
    await sync(cronTable, 'Europe/Berlin');
    expect(await schedulers()).toEqual([
      expect.objectContaining({ key: 'nightly_self_test', pattern: '0 2 * * *', tz: 'Europe/Berlin' }),
    ]);
    const [job, ...more] = await delayed();
    expect(more).toEqual([]);
    expect(job).toMatchObject({ name: 'run-self-test', data: { trigger: 'nightly' } });
    const berlin = new Intl.DateTimeFormat('de', { timeZone: 'Europe/Berlin', timeStyle: 'short' });
    expect(berlin.format(new Date((job?.timestamp ?? 0) + (job?.delay ?? 0)))).toBe('02:00');
  });

  it('makes one scheduler and one delayed job when four copies start at once', async () => {
    await stores.redis.flushdb();
    await Promise.all([sync(), sync(), sync(), sync()]);
    expect(await schedulers()).toHaveLength(1);
    expect(await delayed()).toHaveLength(1);
  });

  it('changes the pattern and the time zone in place', async () => {
    const changed = cronTable.map((entry) =>
      entry.name === 'nightly_self_test' ? { ...entry, pattern: '30 3 * * *' } : entry,
    );
    await sync(changed, 'Asia/Tokyo');
    expect(await schedulers()).toEqual([
      expect.objectContaining({ key: 'nightly_self_test', pattern: '30 3 * * *', tz: 'Asia/Tokyo' }),
    ]);
    expect(await delayed()).toHaveLength(1);
    const { rows } = await stores.sql.query<{ name: string }>('select name, pattern, tz from actp_schedules');
    expect(rows).toHaveLength(cronTable.filter((entry) => entry.enabled).length);
    expect(rows.filter(({ name }) => name === 'nightly_self_test')).toEqual([
      { name: 'nightly_self_test', pattern: '30 3 * * *', tz: 'Asia/Tokyo' },
    ]);
  });

  it('changes the time zone where the next tick stays the same', async () => {
    await sync(cronTable, 'UTC');
    const [before] = await schedulers();
    await sync(cronTable, 'Etc/GMT');
    expect(await schedulers()).toEqual([expect.objectContaining({ tz: 'Etc/GMT', next: before?.next })]);
    expect(await delayed()).toHaveLength(1);
  });

  it('removes what left the table, or was disabled', async () => {
    await sync(cronTable.map((entry) => ({ ...entry, enabled: false })));
    expect(await schedulers()).toEqual([]);
    expect(await delayed()).toEqual([]);
    expect((await stores.sql.query('select 1 from actp_schedules')).rowCount).toBe(0);
  });

  it('puts everything back after Redis was flushed', async () => {
    await sync();
    await stores.redis.flushdb();
    await sync();
    expect(await schedulers()).toHaveLength(1);
    expect(await delayed()).toHaveLength(1);
  });
});
