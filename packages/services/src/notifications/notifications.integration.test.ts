import { describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { createLogger } from '@actp/shared/log';
import { openStores } from '@actp/testing/stores';
import type { HintDeps } from './hint.ts';
import { notify } from './notify.ts';
import { createNotificationOutbox } from './outbox.ts';
import { reviseNotification } from './revise.ts';

const stores = await openStores();
const db = createDb(stores.env, 'inspector', 20_000);
const outbox = createNotificationOutbox(createDb(stores.env, 'bot', 20_000));
const jobs: unknown[] = [];
const logged: string[] = [];
const state = { away: false };
const deps = {
  db,
  producer: {
    add: async (...job: unknown[]) => {
      if (state.away) throw new Error('away');
      jobs.push(job);
    },
  } as unknown as HintDeps['producer'], // of all jobs, only this one
  log: createLogger({ app: 'test', level: 'info', destination: { write: (line) => void logged.push(line) } }),
};
const revising = { ...deps, db: createDb(stores.env, 'runner', 20_000) };
let keys = 0;
const message = (body = 'something happened') => {
  keys += 1;
  return { key: `test:${keys}`, kind: 'test.happened', body };
};
const waiting = async (id: string) => (await outbox.waiting()).find((one) => one.id === id);

describe('a message for the operators', () => {
  it('waits once for each key, and is queued to be sent soon', async () => {
    const given = message();
    const id = await notify(deps, given);
    expect(await notify(deps, { ...given, body: 'again' })).toBe(id);
    expect(await waiting(id)).toMatchObject({
      kind: 'test.happened',
      dedupeKey: given.key,
      body: 'something happened',
      messageId: null,
    });
    expect(jobs[0]).toEqual(['send-notification', { notification_id: id }, { jobId: `notification-${id}` }]);
    expect(await outbox.stateOf(id)).toBe('pending');
    expect(await outbox.stateOf('7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11')).toBe('gone');
  });

  it('waits also when it cannot be queued', async () => {
    state.away = true;
    const id = await notify(deps, message());
    state.away = false;
    expect(await waiting(id)).toBeDefined();
    expect(JSON.parse(logged.at(-1) ?? '')).toMatchObject({
      level: 'warn',
      notification_id: id,
      reason: 'away',
    });
  });

  it('waits no more once it was sent, with what went into it', async () => {
    const [one, other] = [await notify(deps, message()), await notify(deps, message())];
    const [{ revision = 0 } = {}, beside] = [await waiting(one), await waiting(other)];
    await outbox.sent({
      id: one,
      revision,
      messageId: 77,
      with: [{ id: other, revision: beside?.revision ?? 0 }],
    });
    expect([await outbox.stateOf(one), await outbox.stateOf(other)]).toEqual(['sent', 'logged']);
    expect([await waiting(one), await waiting(other)]).toEqual([undefined, undefined]);
  });

  it('waits no more once it was logged, and goes on waiting when it failed', async () => {
    const [one, other] = [await notify(deps, message()), await notify(deps, message())];
    await outbox.logged(one, (await waiting(one))?.revision ?? 0);
    expect(await outbox.stateOf(one)).toBe('logged');
    await outbox.failed(other, 'no network');
    expect(await outbox.stateOf(other)).toBe('pending');
    expect(await waiting(other)).toBeDefined();
    expect(await outbox.overdue(3_600)).toBe(false);
    await stores.sql.query(
      `update actp_notifications set created_at = now() - interval '2 hours' where id = $1`,
      [other],
    );
    expect(await outbox.overdue(3_600)).toBe(true);
  });

  it('can get another text, which is sent again, where people see it', async () => {
    const given = message('first');
    await reviseNotification(revising, given);
    const { rows } = await stores.sql.query<{ id: string }>(
      'select id from actp_notifications where dedupe_key = $1',
      [given.key],
    );
    const id = rows[0]?.id ?? '';
    const first = await waiting(id);
    await outbox.sent({ id, revision: first?.revision ?? 0, messageId: 78, with: [] });
    const queued = jobs.length;
    await reviseNotification(revising, given);
    expect(jobs).toHaveLength(queued);
    expect(await outbox.stateOf(id)).toBe('sent');
    await reviseNotification(revising, { ...given, body: 'second' });
    expect(await outbox.stateOf(id)).toBe('pending');
    const second = await waiting(id);
    expect(second).toMatchObject({ body: 'second', messageId: 78 });
    expect(second?.revision).toBeGreaterThan(first?.revision ?? 0);
    expect(jobs.at(-1)).toEqual([
      'send-notification',
      { notification_id: id },
      { jobId: `notification-${id}-${second?.revision}` },
    ]);
  });
});
