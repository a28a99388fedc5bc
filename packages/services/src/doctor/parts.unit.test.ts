import { describe, expect, it } from 'vitest';
import { clockCheck } from './clock.ts';
import type { DatabaseFacts } from './facts.ts';
import type { Check } from './finding.ts';
import { look } from './look.fixture.ts';
import { lookAtEffects, lookAtHold, lookAtKillSwitches, lookAtMessages } from './open-work.ts';
import { lookAtSelfTest } from './self-test.ts';

const stateOf = async (check: Check) => (await look(check)).map(({ state }) => state);

const at = Date.parse('2026-06-01T12:00:00Z');
const ago = (seconds: number) => new Date(at - seconds * 1_000).toISOString();
const facts = (some: Partial<DatabaseFacts>): DatabaseFacts =>
  ({
    now: ago(0),
    self_test: null,
    self_test_runs: false,
    messages_waiting_since: null,
    ...some,
  }) as DatabaseFacts;

describe('the clock', () => {
  const database = (driftMs: number) => async () => ({
    facts: facts({ now: new Date(at - driftMs).toISOString() }),
    askedAt: at,
    spreadMs: 5,
  });
  const telegram = (driftMs: number) => async () =>
    ({ is: 'done', result: {}, date: new Date(at - driftMs).toUTCString() }) as const;
  const now = () => at;
  const away = () => Promise.reject(new Error('away'));

  it.each([
    ['agrees with both', database(3), telegram(900), 'ok'],
    ['is a little ahead of the database', database(9_000), telegram(0), 'warn'],
    ['is far behind that of Telegram', database(0), telegram(-600_000), 'fail'],
    ['is compared with Telegram alone', away, telegram(100_000), 'fail'],
  ] as const)('%s', async (_, ask, me, state) => {
    expect(await stateOf(clockCheck({ facts: ask, me, now }))).toEqual([state]);
  });

  it('says which clock it differs from, and how', async () => {
    const [found] = await look(clockCheck({ facts: database(0), me: telegram(-600_000), now }));
    expect(found?.detail).toBe('10 min behind that of Telegram');
    expect(found?.remedy).toBe(
      'Have this machine set its clock (timedatectl set-ntp true), and that of the database',
    );
    expect(await look(clockCheck({ facts: away, me: undefined, now }))).toEqual([
      {
        name: 'clock',
        state: 'off',
        detail: 'nothing to compare it with: neither database nor Telegram answers',
        remedy: null,
      },
    ]);
  });

  it.each([
    [
      'of the database, up to what its call explains',
      5_005,
      0,
      'ok',
      'agrees with the database and Telegram',
    ],
    ['of the database, beyond it', 5_006, 0, 'warn', '5 s ahead of that of the database'],
    ['of the database, far beyond', 60_006, 0, 'fail', '60 s ahead of that of the database'],
    ['of the database, not so far beyond', 60_005, 0, 'warn', '60 s ahead of that of the database'],
    ['of Telegram, which says whole seconds', 0, 7_000, 'ok', 'agrees with the database and Telegram'],
    ['of Telegram, beyond those', 0, -8_000, 'warn', '6 s behind that of Telegram'],
    ['of both, and more from Telegram', 10_000, 20_000, 'warn', '18 s ahead of that of Telegram'],
  ])('differs from that %s', async (_, ofDatabase, ofTelegram, state, detail) => {
    const deps = { facts: database(ofDatabase), me: telegram(ofTelegram), now };
    const [found] = await look(clockCheck(deps));
    expect([found?.state, found?.detail]).toEqual([state, detail]);
  });

  it('is compared with the middle of the call', async () => {
    const times = [at - 40_000, at + 40_000];
    const slow = { facts: away, me: telegram(0), now: () => times.shift() ?? at };
    expect(await stateOf(clockCheck(slow))).toEqual(['ok']);
  });

  it('is not compared with a Telegram that says no time', async () => {
    const answers = [
      { is: 'unreachable', how: '' },
      { is: 'done', result: {}, date: null },
      { is: 'done', result: {}, date: 'noon' },
    ] as const;
    for (const answer of answers) {
      const found = await look(clockCheck({ facts: away, me: async () => answer, now }));
      expect(found).toMatchObject([{ state: 'off' }]);
    }
    const [found] = await look(clockCheck({ facts: database(0), me: async () => answers[2], now }));
    expect(found?.detail).toBe('agrees with the database');
  });
});

describe('the last self-test', () => {
  const snapshot = {
    status: 'passed',
    created_at: ago(7_200),
    tests_total: 5,
    tests_passed: 5,
    services_up: 4,
    services_total: 4,
    services: [],
    failures: [],
  };

  it('is fine when it passed, and not when it is old', () => {
    expect(lookAtSelfTest(facts({ self_test: snapshot }))).toMatchObject({
      state: 'ok',
      detail: 'passed 2 h ago (5 of 5 tests, 4 of 4 services)',
    });
    const old = { ...snapshot, created_at: ago(3 * 86_400) };
    expect(lookAtSelfTest(facts({ self_test: old })).state).toBe('warn');
    expect(lookAtSelfTest(facts({ self_test_runs: true }))).toEqual({
      name: 'self-test',
      state: 'ok',
      detail: 'the first one is running',
      remedy: null,
    });
    expect(lookAtSelfTest(facts({}))).toEqual({
      name: 'self-test',
      state: 'off',
      detail: 'none yet',
      remedy: 'It runs at each start of the plane',
    });
    expect(lookAtSelfTest(facts({ self_test: old }))).toEqual({
      name: 'self-test',
      state: 'warn',
      detail: 'the last one is 3 days ago',
      remedy:
        'POST /v1/jobs/selftest, or /selftest in Telegram; scheduler.log in ACTP_DATA_DIR/logs says why none ran',
    });
  });

  it('names what failed', () => {
    const failed = {
      ...snapshot,
      status: 'failed',
      services: [{ name: 'crm', up: false }],
      failures: ['a', 'b', 'c'].map((test) => ({ suite: 'unit', test })),
    };
    const found = lookAtSelfTest(facts({ self_test: failed }));
    expect(found).toEqual({
      name: 'self-test',
      state: 'fail',
      detail: 'failed 2 h ago (5 of 5 tests, 4 of 4 services): service crm; unit: a; unit: b and 1 more',
      remedy: 'GET /v1/health/snapshots has the messages; docs/self-test.md',
    });
    const three = { ...failed, services: [{ name: 'shop', up: true }] };
    expect(lookAtSelfTest(facts({ self_test: three })).detail).toMatch(/\): unit: a; unit: b; unit: c$/);
    expect(lookAtSelfTest(facts({ self_test: { ...snapshot, status: 'failed' } })).detail).toMatch(
      /: see the snapshot$/,
    );
  });

  it('says why it could not be run, and whether another one is running', () => {
    const error = { ...snapshot, status: 'error' };
    expect(lookAtSelfTest(facts({ self_test: error }))).toMatchObject({
      state: 'fail',
      detail: 'could not be run 2 h ago',
      remedy: 'See selftest-runner.log in ACTP_DATA_DIR/logs',
    });
    const because = { ...error, failures: [{ suite: 'unit', test: 'a' }] };
    expect(lookAtSelfTest(facts({ self_test: because, self_test_runs: true })).detail).toBe(
      'could not be run 2 h ago; another one is running: unit: a',
    );
  });

  it.each([
    [36 * 3_600, 'ok'],
    [36 * 3_600 + 1, 'warn'],
  ])('that is %d seconds old is %s', (age, state) => {
    const self_test = { ...snapshot, created_at: ago(age) };
    expect(lookAtSelfTest(facts({ self_test })).state).toBe(state);
  });
});

describe('what is open', () => {
  it('is all of it while the plane is held; an anchor that cannot be written is a warning', () => {
    const held = { code: 'behind', reason: 'rows are missing', since: ago(60) } as const;
    expect(lookAtHold(facts({ held: null, anchor_problem: null }))).toEqual([]);
    const unwritten = lookAtHold(facts({ held: null, anchor_problem: 'no room' }));
    expect(unwritten).toMatchObject([
      { name: 'anchor', state: 'warn', detail: 'the anchor cannot be written: no room' },
    ]);
    expect(unwritten[0]?.remedy).toContain('docs/operations.md');
    for (const anchor_problem of [null, 'no room']) {
      const [found] = lookAtHold(facts({ held, anchor_problem }));
      expect(found).toMatchObject({ name: 'anchor', state: 'fail' });
      expect(found?.detail).toBe('nothing is released or decided: rows are missing');
      expect(found?.remedy).toMatch(/--accept.*; docs\/operations\.md/);
    }
  });

  it('is an effect of unknown outcome, which needs a person', () => {
    expect(lookAtEffects(facts({ unknown_effects: 0 }))).toEqual({
      name: 'effects of tasks',
      state: 'ok',
      detail: 'none of unknown outcome',
      remedy: null,
    });
    expect(lookAtEffects(facts({ unknown_effects: 2 }))).toEqual({
      name: 'effects of tasks',
      state: 'fail',
      detail: '2 of unknown outcome: it may have happened or not',
      remedy: 'Look at the service, then POST /v1/tasks/{id}/effects/{effect_id}/resolution; docs/tasks.md',
    });
  });

  it('is a kill switch, which a person has set', () => {
    expect(lookAtKillSwitches(facts({ kill_switches: 0 }))).toEqual({
      name: 'kill switches',
      state: 'ok',
      detail: 'none',
      remedy: null,
    });
    expect(lookAtKillSwitches(facts({ kill_switches: 1 }))).toEqual({
      name: 'kill switches',
      state: 'warn',
      detail: '1 set: what they name is stopped',
      remedy: 'Lift them with /resume when it is over; docs/kill-switch.md',
    });
  });

  it('is a message that has waited for a quarter of an hour, where there is a bot to send it', () => {
    const waiting = (seconds: number) => facts({ messages_waiting_since: ago(seconds) });
    expect(lookAtMessages(waiting(15 * 60), true)).toEqual([
      {
        name: 'messages',
        state: 'warn',
        detail: 'the oldest has waited for 15 min to be sent',
        remedy: 'See approval-bot.log in ACTP_DATA_DIR/logs',
      },
    ]);
    expect(lookAtMessages(waiting(15 * 60 - 1), true)).toEqual([]);
    expect(lookAtMessages(waiting(3_600), false)).toEqual([]);
    expect(lookAtMessages(facts({}), true)).toEqual([]);
  });
});
