import { describe, expect, it } from 'vitest';
import type { FindingCount } from './count.ts';
import type { StoredFinding, StoredReview } from './finding-schema.ts';
import { reviewSummary } from './summary-text.ts';

const count = (severity: FindingCount['severity'], state: FindingCount['state'], n: number) =>
  ({ severity, state, count: n }) as FindingCount; // nothing else is read
const finding = (title: string, path: string | null = null) =>
  ({ project: 'shop', severity: 'high', title, path }) as StoredFinding;
const review = (source: string, reason: string | null = null, verdict = 'unavailable') =>
  ({ project: 'shop', source, verdict, reason }) as StoredReview;
const many = <T>(n: number, make: (i: string) => T) => Array.from({ length: n }, (_, i) => make(String(i)));

describe('[SEC-017] the weekly message about the supply chain', () => {
  it('says that there is nothing', () => {
    const nothing = '✅ Supply-chain review\nNo open findings.\nEverything could be looked at.';
    expect(reviewSummary([], [], [])).toBe(nothing);
    expect(reviewSummary([count('high', 'open', 0)], [], [review('osv', null, 'clean')])).toBe(nothing);
  });

  it('counts what is open, the worst first, and what was accepted', () => {
    const counts = [
      count('low', 'open', 1),
      count('critical', 'open', 2),
      count('critical', 'open', 3),
      count('high', 'accepted', 4),
      count('low', 'accepted', 1),
    ];
    expect(reviewSummary(counts, [finding('a is vulnerable', 'pnpm-lock.yaml'), finding('b')], [])).toBe(
      [
        '🟡 Supply-chain review',
        'Open: 5 critical, 1 low',
        'Accepted: 5',
        '• shop, high: a is vulnerable (pnpm-lock.yaml)',
        '• shop, high: b',
        'Everything could be looked at.',
      ].join('\n'),
    );
  });

  it('names what could not be looked at, and that comes first in its sign', () => {
    expect(
      reviewSummary([count('low', 'open', 1)], [], [review('osv', 'no network'), review('licences')]),
    ).toBe(
      [
        '⚠️ Supply-chain review',
        'Open: 1 low',
        '',
        'Could not be looked at:',
        '• shop, osv: no network',
        '• shop, licences: no reason given',
      ].join('\n'),
    );
  });

  it('is short, however much there is', () => {
    const fifteen = reviewSummary([], many(15, finding), many(15, review));
    expect(fifteen).not.toContain('more');
    expect(fifteen).not.toContain('GET /v1/findings');
    const lines = reviewSummary([], many(17, finding), many(17, review)).split('\n');
    expect(lines).toHaveLength(2 + 15 + 1 + 2 + 15 + 1);
    expect(lines[17]).toBe('... GET /v1/findings lists all of them.');
    expect(lines.at(-1)).toBe('... and 2 more');
    const long = reviewSummary(
      [],
      [finding('t'.repeat(500), 'p'.repeat(500))],
      [review('osv', 'r'.repeat(500))],
    );
    expect(long.length).toBeLessThan(700);
  });
});
