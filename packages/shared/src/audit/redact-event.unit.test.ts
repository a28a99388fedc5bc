import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AuditRow, maxRedactedErrorBytes, maxRedactedResultBytes } from './event.ts';
import { redactEvent } from './redact-event.ts';

const event = { event_id: randomUUID(), agent_id: 'a', action_type: 'b', status: 'ok', source: null };

describe('an event whose secrets are taken out', () => {
  it('still fits where it goes, also when what stands in their place is much longer', () => {
    const many = 'pwd=wx-yz '.repeat(7_000);
    const clean = redactEvent({ ...event, error: `${many}ü`, result: { text: many, list: [many] } });
    expect(AuditRow.safeParse(clean).success).toBe(true);
    expect(Buffer.byteLength(clean.error ?? '')).toBeLessThanOrEqual(maxRedactedErrorBytes);
    expect(Buffer.byteLength(clean.error ?? '')).toBeGreaterThan(maxRedactedErrorBytes - 8);
    expect(JSON.stringify(clean)).not.toContain('wx-yz');
  });

  it('says so where its result had to go as a whole', () => {
    const many = 'pwd=wx-yz '.repeat(30_000);
    const { result } = redactEvent({ ...event, result: many });
    expect(result).toMatch(/^\[cut: \d+ bytes once redacted\]$/);
    expect(Number(/\d+/.exec(String(result))?.[0])).toBeGreaterThan(maxRedactedResultBytes);
  });

  it.each([
    ['agent_id', 128],
    ['action_type', 128],
    ['status', 64],
    ['user_agent', 512],
    ['request_id', 128],
    ['error', undefined],
  ] as const)('has none in its %s, which is as long as its column takes', (field, most) => {
    const key = ['actp', 'key', 'e'.repeat(64)].join('_');
    expect(redactEvent({ ...event, [field]: `of ${key}` })[field]).toMatch(/^of \[redacted/);
    if (most !== undefined)
      expect(redactEvent({ ...event, [field]: 'ab '.repeat(300) })[field]).toHaveLength(most);
  });

  it('is as it was without secrets', () => {
    const whole = { ...event, error: 'no luck', result: { a: [1, null, 'x'] }, user_agent: 'none' };
    expect(redactEvent(whole)).toEqual(whole);
  });
});
