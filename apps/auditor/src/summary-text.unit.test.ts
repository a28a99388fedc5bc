import { expect, it } from 'vitest';
import { summaryText } from './summary-text.ts';

const summary = {
  since: '2026-11-16T00:00:00.000Z',
  until: '2026-11-23T00:00:00.000Z',
  events: 0,
  errors: 0,
  denied: 0,
  unique_actors: 0,
  approvals: { requested: 0, approved: 0, rejected: 0, expired: 0 },
  security_events: 0,
  top_actions: [],
  by_source: { plane: 0, http: 0, direct: 0, unknown: 0 },
  not_counted: 0,
};
const intact = { ok: true, checked: 3, first_bad: null };

it('a quiet week says so, without a warning', () => {
  const text = summaryText(summary, intact, 'UTC');
  expect(text).toContain('Errors: 0 (0.0 %)');
  expect(text).toMatch(/\nNo events\.$/);
  expect(text).not.toMatch(/⚠️|🔴/u);
});

it('rows that others wrote in the words of the plane are told, since they are counted nowhere else', () => {
  const text = summaryText({ ...summary, not_counted: 1_234 }, intact, 'UTC');
  expect(text).toContain('⚠️ Not counted: 1,234 rows that others wrote');
});

it('a broken chain stands first, also where no row is named', () => {
  const [, chain] = summaryText(summary, { ...intact, ok: false }, 'UTC').split('\n');
  expect(chain).toBe('🔴 Chain: BROKEN. Verification failed');
});
