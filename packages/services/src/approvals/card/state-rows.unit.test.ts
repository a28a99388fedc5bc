import { describe, expect, it } from 'vitest';
import type { CardFacts } from './card-facts.ts';
import { facts } from './card.fixture.ts';
import { joinPlain } from './row.ts';
import { stateRows } from './state-rows.ts';

const at = (hour: number) => `2026-11-02T${hour}:00:00.000Z`;
const shown = (over: Partial<CardFacts['approval']>, more: Partial<CardFacts> = {}) =>
  joinPlain(stateRows({ ...facts('{}', over), ...more }));

const decided = { decided_by: 'telegram:42', decided_at: at(14) };
const by = 'by telegram:42 at 2026-11-02 14:00 UTC';
const approved = { status: 'approved', ...decided, grant_expires_at: at(15) } as const;
const used = { ...approved, redeemed_at: at(16) };

describe('what became of an approval', () => {
  it.each<[Partial<CardFacts['approval']>, string]>([
    [{}, '🔔 Waiting for a decision'],
    [approved, `✅ Approved ${by}\nValid until 2026-11-02 15:00 UTC.`],
    [{ ...approved, grant_expires_at: null }, `✅ Approved ${by}`],
    [used, `✅ Approved ${by}\nUsed at 2026-11-02 16:00 UTC; no result yet.`],
    [
      { ...used, outcome: 'succeeded', outcome_at: at(17) },
      `✅ Approved ${by}\nUsed; succeeded at 2026-11-02 17:00 UTC.`,
    ],
    [
      { ...used, outcome: 'failed', outcome_at: at(17) },
      `✅ Approved ${by}\nUsed; FAILED at 2026-11-02 17:00 UTC.`,
    ],
    [{ ...used, outcome: 'unknown' }, `✅ Approved ${by}\nUsed; the outcome was never reported.`],
    [{ ...approved, lapsed_at: at(16) }, `✅ Approved ${by}\nNever used: the permission has lapsed.`],
    [{ status: 'rejected', ...decided }, `❌ Rejected ${by}`],
    [{ status: 'rejected', decided_by: 'telegram:42' }, '❌ Rejected by telegram:42'],
    [
      { status: 'expired' },
      '⌛ Expired without a decision (counts as rejected)\nExpired at 2026-11-02 17:00 UTC.',
    ],
    [{ status: 'cancelled', ...decided }, `🚫 Cancelled ${by}`],
  ])('%j', (over, text) => {
    expect(shown(over)).toBe(text);
  });

  it('names who decided as people know them, with nothing hidden in it', () => {
    expect(shown({ ...decided, status: 'rejected', decided_by_name: 'Ann\u202E' })).toBe(
      '❌ Rejected by Ann⟦U+202E⟧ (telegram:42) at 2026-11-02 14:00 UTC',
    );
    expect(shown({ status: 'rejected', decided_by: 'operator:ann', decided_by_name: 'ann' })).toBe(
      '❌ Rejected by operator:ann',
    );
  });

  it("is told in the operator's time as well", () => {
    expect(shown({ status: 'rejected', ...decided }, { timeZone: 'Asia/Kolkata' })).toBe(
      '❌ Rejected by telegram:42 at 2026-11-02 19:30 Asia/Kolkata (2026-11-02 14:00 UTC)',
    );
  });

  it('has the error that was reported, when it failed', () => {
    const failed = { ...used, outcome: 'failed', outcome_at: at(17) } as const;
    const outcome_result = { error: 'mailbox\nfull' };
    expect(shown(failed, { outcome_result })).toMatch(/UTC\.\nReported error: “mailbox full”$/);
    expect(shown(failed, { outcome_result: {} })).not.toContain('Reported');
    expect(shown({ ...failed, outcome: 'succeeded' }, { outcome_result })).not.toContain('Reported');
  });

  it('has the remark of whoever decided on one line, without secrets and no longer than 400 characters', () => {
    const remark = (decision_reason: string) =>
      shown({ status: 'rejected', decided_by: 'telegram:42', decision_reason }).split('\n').slice(1);
    expect(remark('not\nnow')).toEqual(['Comment: not now']);
    expect(remark('')).toEqual(['Comment: ']);
    expect(remark('password=hunter2hunter2').join()).not.toContain('hunter2');
    expect(remark('y'.repeat(400))).toEqual([`Comment: ${'y'.repeat(400)}`]);
    expect(remark('y'.repeat(401))).toEqual([`Comment: ${'y'.repeat(400)}…`]);
    expect(remark(`${'y'.repeat(399)}😀`)).toEqual([`Comment: ${'y'.repeat(399)}\uFFFD…`]);
  });
});
