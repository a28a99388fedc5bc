import { describe, expect, it } from 'vitest';
import type { AcdStatus } from './acd-client.ts';
import { isProvablyOurs, classifyRun, type KnownRun } from './classify-run.ts';

const before: AcdStatus = { status: 'completed', pid: 7, lastUpdate: '2026-11-01T00:00:00.000Z' };
const startedAt = '2026-11-02T00:00:00.000Z';
const later = '2026-11-02T00:00:09.000Z';
const ours: KnownRun = { before, pid: 8, startedAt, certain: true, seen: false };
const lost: KnownRun = { before, pid: null, startedAt: null, certain: false, seen: false };
const says = (status: string | null, pid: number | null, lastUpdate: string | null): AcdStatus => ({
  status,
  pid,
  lastUpdate,
});

describe('a run of ACD', () => {
  it.each<[why: string, known: KnownRun, now: AcdStatus, seconds: number, judged: string]>([
    ['running with our pid', ours, says('running', 8, later), 1, 'working'],
    ['running without a pid', ours, says('running', null, null), 1, 'working'],
    ['paused', ours, says('paused', 8, later), 1, 'working'],
    ['stopping', ours, says('stopping', 8, later), 1, 'working'],
    ['somebody else running after ours', { ...ours, seen: true }, says('running', 9, later), 1, 'ended'],
    ['another number, and ours never seen', ours, says('running', 9, later), 1, 'working'],
    ['still the run before', ours, before, 5, 'unsure'],
    ['still the run before, for a long time', ours, before, 60, 'ended'],
    ['idle for the first seconds', ours, says('idle', null, null), 5, 'unsure'],
    ['idle after it was seen at work', { ...ours, seen: true }, says('idle', null, null), 5, 'ended'],
    ['completed with our pid', ours, says('completed', 8, later), 1, 'ended'],
    ['completed with a new time', ours, says('completed', null, later), 1, 'ended'],
    [
      'completed, but older than our start',
      ours,
      says('completed', null, '2026-11-01T12:00:00.000Z'),
      1,
      'unsure',
    ],
    ['failed', ours, says('failed', 8, later), 1, 'ended'],
    ['error', ours, says('error', 8, later), 1, 'ended'],
    ['null', ours, says(null, null, null), 500, 'unsure'],
    ['an unknown word', ours, says('dancing', 8, later), 500, 'unsure'],
    ['lost, and something new runs', lost, says('running', 9, later), 1, 'working'],
    ['lost, and something new has ended', lost, says('completed', 9, later), 1, 'ended'],
    ['lost, and nothing new', lost, before, 5, 'unsure'],
    ['lost, and nothing new for a long time', lost, before, 61, 'ended'],
    ['a time that is none', ours, says('completed', null, 'yesterday'), 1, 'ended'],
  ])('%s', (_why, known, now, secondsSinceSent, judged) => {
    expect(classifyRun(known, now, { secondsSinceSent, graceSeconds: 60 })).toBe(judged);
  });

  it('is ours to stop only with our pid, confirmed, and not older than our start', () => {
    expect(isProvablyOurs(ours, says('running', 8, later))).toBe(true);
    expect(isProvablyOurs(ours, says('running', 9, later))).toBe(false);
    expect(isProvablyOurs(ours, says('running', null, later))).toBe(false);
    expect(isProvablyOurs(ours, says('running', 8, before.lastUpdate))).toBe(false);
    expect(isProvablyOurs(ours, says('completed', 8, later))).toBe(false);
    expect(isProvablyOurs({ ...ours, certain: false }, says('running', 8, later))).toBe(false);
    expect(isProvablyOurs(lost, says('running', 9, later))).toBe(false);
  });
});
