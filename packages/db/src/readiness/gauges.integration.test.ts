import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowCalls } from '../audit/rows.fixture.ts';
import { planeRows } from './plane-rows.fixture.ts';

const { sql } = await openDatabase();
const { call } = rowCalls(sql);
const rows = planeRows(sql);

const gauges = () => call('plane_gauges()');
const readiness = () => call('plane_readiness()');
const hour = 60;
/** An age in whole hours: nothing here takes half an hour. */
const hours = (seconds: unknown) => Math.round(Number(seconds) / 3_600);

describe('the metrics of a plane', () => {
  it('in which nothing is open, say so', async () => {
    expect(await gauges()).toEqual({
      approvals_pending: 0,
      approvals_oldest: null,
      notifications_oldest: null,
      checkpoint_age: null,
      unsigned_oldest: null,
      tasks: {},
      effects_unknown: 0,
      kill_switches: 0,
      self_test_age: null,
      self_test_passed: null,
    });
  });

  it('count approvals that a person can still decide, and the oldest of them', async () => {
    await rows.approval('pending', hour, -hour);
    await rows.approval('pending', 3 * hour, -hour);
    await rows.approval('pending', 9 * hour, hour);
    await rows.approval('expired', 5 * hour, -hour);
    const { approvals_pending: pending, approvals_oldest: oldest } = await gauges();
    expect([pending, hours(oldest)]).toEqual([2, 3]);
  });

  it('say how long a message has waited', async () => {
    await rows.message('alert', 'pending', 5 * hour);
    await rows.message('alert', 'pending', 7 * hour);
    await rows.message('alert', 'sent', 9 * hour);
    expect(hours((await gauges())['notifications_oldest'])).toBe(7);
  });

  it('say how old the newest checkpoint is, and the oldest row that it does not cover', async () => {
    await rows.auditRow(4 * hour);
    await rows.auditRow(6 * hour);
    await rows.auditRow(26 * hour);
    expect(hours((await gauges())['unsigned_oldest'])).toBe(6);
    await rows.checkpoint(1, 9 * hour);
    await rows.checkpoint(2, 5 * hour);
    const { checkpoint_age: age, unsigned_oldest: oldest } = await gauges();
    expect([hours(age), hours(oldest)]).toEqual([5, 4]);
    await rows.checkpoint(3, 2 * hour);
    expect((await gauges())['unsigned_oldest']).toBeNull();
  });

  it('count tasks that have not ended, or within a day', async () => {
    await rows.task('running');
    await rows.task('running');
    await rows.task('queued');
    await rows.task('failed', hour);
    await rows.task('failed', 23 * hour);
    await rows.task('succeeded', 25 * hour);
    expect((await gauges())['tasks']).toEqual({ running: 2, queued: 1, failed: 2 });
  });

  it('count what is stopped, and effects of which nobody knows whether they happened', async () => {
    await rows.stop('all');
    await rows.stop('agent:a');
    await rows.stop('agent:b', true);
    for (const state of ['unknown', 'unknown', 'done', 'not_done', 'reserved']) await rows.effect(state);
    expect(await gauges()).toMatchObject({ kill_switches: 2, effects_unknown: 2 });
  });

  it.each([
    ['passed', true],
    ['healed', true],
    ['failed', false],
    ['error', false],
  ])('tell what came of the newest self-test: %s', async (status, passed) => {
    await rows.snapshot(passed ? 'failed' : 'passed', 9 * hour);
    await rows.snapshot(status, 3 * hour);
    const { self_test_age: age, self_test_passed: good } = await gauges();
    expect([hours(age), good]).toEqual([3, passed]);
  });
});

describe('readiness', () => {
  it('knows whether somebody polls Telegram', async () => {
    expect(await readiness()).toMatchObject({ telegram_polling: false });
    await rows.lease('another', -hour);
    await rows.lease('telegram-poller', 1);
    expect(await readiness()).toMatchObject({ telegram_polling: false });
    await rows.lease('telegram-poller', -hour);
    expect(await readiness()).toMatchObject({ telegram_polling: true });
  });

  it('knows of a message that is refused for good, while it waits', async () => {
    await rows.message('alert', 'pending', 5, 'the network is away');
    await rows.message('alert', 'sent', 5, 'refused: no rights');
    expect(await readiness()).toMatchObject({ telegram_refuses: false });
    await rows.message('alert', 'pending', 5, 'refused: no rights');
    expect(await readiness()).toMatchObject({ telegram_refuses: true });
  });

  it('knows that the anchor cannot be written', async () => {
    expect(await readiness()).toMatchObject({ anchor_unwritten: false });
    await rows.anchorProblem('the disk is full');
    expect(await readiness()).toMatchObject({ anchor_unwritten: true });
  });
});
