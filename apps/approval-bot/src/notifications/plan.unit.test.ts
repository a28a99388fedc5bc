import { describe, expect, it } from 'vitest';
import type { WaitingMessage } from '@actp/services/notifications/outbox';
import { planMessages } from './plan.ts';

const held = { interrupted: true, together: true };
let minute = 0;

function message(kind: string, dedupeKey: string, more: Partial<WaitingMessage> = {}): WaitingMessage {
  minute += 1;
  const createdAt = new Date(Date.UTC(2026, 10, 26, 0, minute)).toISOString();
  const body = `${kind} ${dedupeKey}\nmore`;
  return {
    id: dedupeKey,
    kind,
    dedupeKey,
    body,
    revision: 0,
    messageId: null,
    createdAt,
    waitedSeconds: 0,
    ...more,
  };
}

const ids = (plan: ReturnType<typeof planMessages>) =>
  plan.map(({ message: first, with: others }) => [first, ...others].map(({ id }) => id).join(' with '));

describe('what waits', () => {
  it('is sent one by one and in order when nothing held it up', () => {
    const waiting = [message('selftest.problem', 'a'), message('x', 'b'), message('selftest.recovery', 'c')];
    expect(ids(planMessages(waiting, { interrupted: false, together: true }))).toEqual(['a', 'b', 'c']);
  });

  it('comes as the newest of each state first, then the rest in order', () => {
    const waiting = [
      message('selftest.problem', 's1'),
      message('schedule.missed', 'missed:nightly:1'),
      message('weekly', 'w'),
      message('policy.refused', 'policy:1'),
      message('schedule.missed', 'missed:weekly:1'),
      message('selftest.problem', 's2'),
      message('policy.refused', 'policy:2'),
      message('selftest.recovery', 's3'),
      message('schedule.missed', 'missed:nightly:2'),
      message('heal.breaker', 'h'),
    ];
    expect(ids(planMessages(waiting, held))).toEqual([
      'missed:nightly:2 with missed:nightly:1',
      's3 with s1 with s2',
      'policy:2 with policy:1',
      'missed:weekly:1',
      'w',
      'h',
    ]);
  });

  it('is held up, too, when it has waited for more than a minute', () => {
    const waiting = [
      message('selftest.problem', 'a', { waitedSeconds: 61 }),
      message('selftest.recovery', 'b', { waitedSeconds: 61 }),
    ];
    expect(ids(planMessages(waiting, { interrupted: false, together: true }))).toEqual(['b with a']);
  });

  it('is never put together with a message that people see already', () => {
    const waiting = [
      message('selftest.problem', 'seen', { messageId: 7, revision: 2 }),
      message('selftest.problem', 'a'),
      message('selftest.recovery', 'b'),
    ];
    expect(ids(planMessages(waiting, held))).toEqual(['b with a', 'seen']);
  });

  it('keeps what was told of different switches apart', () => {
    const waiting = [
      message('kill_switch.set', 'kill-switch:1:set'),
      message('kill_switch.set', 'kill-switch:2:set'),
    ];
    expect(planMessages(waiting, held)).toHaveLength(2);
  });

  it('comes as few messages within the length of one each, with everything in them', () => {
    const waiting = Array.from({ length: 25 }, (_, n) =>
      message('x', `m${n}`, { body: `${n} ${'y'.repeat(700)}` }),
    );
    const plan = planMessages(waiting, held);
    expect(plan.flatMap((planned) => [planned.message, ...planned.with])).toEqual(waiting);
    expect(plan).toHaveLength(7);
    for (const { body, editable } of plan) {
      expect(body.length).toBeLessThan(4_096);
      expect(editable).toBe(body.startsWith('24 '));
    }
  });

  it('names the newest five of what was before a state, and how many more', () => {
    const waiting = Array.from({ length: 9 }, (_, n) => message('selftest.problem', `p${n}`));
    const [planned] = planMessages(waiting, held);
    expect(planned?.body).toMatch(
      /^selftest.problem p8\nmore\n\nEarlier, while .*\n3 more\n(?:.*UTC: selftest.problem p[3-7]\n?){5}$/,
    );
  });

  it('comes one by one again when a message that was put together is refused', () => {
    const waiting = Array.from({ length: 9 }, (_, n) => message('x', `m${n}`));
    expect(planMessages(waiting, { interrupted: true, together: false })).toHaveLength(9);
  });
});
