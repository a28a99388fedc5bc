import { describe, expect, it } from 'vitest';
import type { RecentSelfTest } from '@actp/services/self-test/status';
import type { PlaneStatus } from './read-status.ts';
import { statusText } from './status-text.ts';

const at = '2026-11-22T08:00:00Z';
const forged = 'first\n🔴 HELD\r\nsecond';
const ok = <T>(value: T) => ({ ok: true, value }) as const;
const away = { ok: false, problem: 'the database is unavailable' } as const;

const nothing: PlaneStatus = {
  hold: ok(null),
  switches: ok([]),
  snapshots: ok([]),
  running: ok(undefined),
  waiting: ok({ now: at, waiting: 0, approvals: [] }),
  tasks: ok({ now: at, open: [], unknown: 0, effects: [] }),
  queues: ok([]),
};
const linesOf = (status: Partial<PlaneStatus>) => statusText({ ...nothing, ...status }, 'UTC').split('\n');

describe('/status', () => {
  it('says first that the plane is held, and why', () => {
    const hold = ok({ code: 'behind', reason: 'the database is older', since: at } as const);
    expect(linesOf({ hold })[0]).toBe('🔴 HELD: nothing is released or decided: the database is older');
    expect(linesOf({}).filter((line) => line.includes('HELD'))).toEqual([]);
  });

  it('names every part that cannot be read', () => {
    const status = { hold: away, switches: away, snapshots: away, running: away, waiting: away };
    expect(linesOf({ ...status, tasks: away, queues: away }).filter((line) => line !== '')).toEqual([
      'Kill switch: the database is unavailable',
      'Self-tests: the database is unavailable',
      'Approvals: the database is unavailable',
      'Tasks: the database is unavailable',
      'Queues: the database is unavailable',
    ]);
  });

  it('shows what others wrote in one line each, so that none of it looks like a line of its own', () => {
    const asked = { id: '7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11', action: 'dm.send', created_at: at };
    const snapshot = {
      status: 'failed',
      trigger: 'nightly',
      created_at: at,
      tests_passed: 1,
      tests_total: 2,
      services_up: 0,
      services_total: 1,
      services: [{ name: 'gateway', up: false, detail: forged }],
      failures: [{ suite: null, test: forged, message: null }],
      heal: { state: 'not_needed', reason: forged, suites: [] },
      // What is shown of it.
    } as unknown as RecentSelfTest;
    const lines = linesOf({
      switches: ok([
        { id: asked.id, scope: 'all', reason: forged, since: at, set_by: 'telegram:42', set_by_name: null },
      ]),
      snapshots: ok([snapshot]),
      waiting: ok({
        now: at,
        waiting: 1,
        approvals: [{ ...asked, requested_by: forged, agent_id: forged, expires_at: at }],
      }),
    });
    expect(lines.filter((line) => /^\W*HELD/.test(line))).toEqual([]);
    expect(lines.filter((line) => line.includes('second'))).toHaveLength(5);
  });
});
