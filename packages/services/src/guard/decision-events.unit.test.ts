import { describe, expect, it } from 'vitest';
import type { Decision } from '@actp/policy/decide';
import { decisionEvents, type DecisionFacts } from './decision-events.ts';

const startedAt = '2026-11-26T12:00:00.000Z';
const origin = { ip_address: '127.0.0.1', user_agent: 'curl', request_id: 'r' };
const allow: Decision = { effect: 'allow', rule: 'defaults.effect', reasons: [] };
const deny: Decision = { effect: 'deny', rule: 'no-ads', reasons: [{ code: 'denied', detail: 'never' }] };
const facts: DecisionFacts = {
  decision: allow,
  action: 'ads.post',
  details: { to: 'x' },
  cost_usd: undefined,
  text: undefined,
  policyVersion: 'v1',
  approvalId: undefined,
  grantId: undefined,
  agent: 'buyer',
  origin,
  startedAt,
};
const common = { agent_id: 'buyer', started_at: startedAt, ...origin, source: 'plane' };

describe('[TRU-001] what a decision leaves in the audit log', () => {
  it('is one event with all that led to it', () => {
    const [event, ...others] = decisionEvents(facts);
    expect(others).toEqual([]);
    expect(event).toEqual({
      ...common,
      event_id: expect.stringMatching(/^[\da-f-]{36}$/),
      action_type: 'guard.decide',
      status: 'ok',
      completed_at: expect.stringMatching(/^\d{4}-.*Z$/),
      result: {
        action: 'ads.post',
        effect: 'allow',
        rule: 'defaults.effect',
        reasons: [],
        details: { to: 'x' },
        policy_version: 'v1',
      },
    });
    expect(Date.parse(event?.completed_at ?? '')).toBeGreaterThan(Date.parse('2020-01-01'));
  });

  it('tells cost, grant, approval, text, and that the work was allowed before, where there are any', () => {
    const text = { source: 'web', score: 0.1, reasons: [] } as unknown as DecisionFacts['text'];
    const [event] = decisionEvents({
      ...facts,
      decision: { ...allow, effect: 'require_approval' },
      cost_usd: 0,
      text,
      approvalId: 'a',
      grantId: 'g',
      repeated: { outcome: null },
    });
    expect(event).toMatchObject({ status: 'ok', approval_id: 'a' });
    expect(event?.result).toMatchObject({
      effect: 'require_approval',
      cost_usd: 0,
      text: { source: 'web', score: 0.1, reasons: [] },
      grant_id: 'g',
      repeated: true,
    });
  });

  it('is a violation as well when it was denied', () => {
    const [event, violation, ...others] = decisionEvents({ ...facts, decision: deny });
    expect(others).toEqual([]);
    expect(event).toMatchObject({ action_type: 'guard.decide', status: 'denied' });
    expect(violation).toMatchObject({
      ...common,
      action_type: 'security.policy_violation',
      status: 'denied',
      result: { action: 'ads.post', rule: 'no-ads', decision: event?.event_id, reasons: deny.reasons },
    });
    expect(violation?.event_id).not.toBe(event?.event_id);
  });

  it('is a suspicious text as well, with what was found in it alone', () => {
    const injection = { code: 'injection.override', detail: 'ignore all' };
    const reasons = [{ code: 'approval_required', detail: 'x' }, injection] as Decision['reasons'];
    const text = { source: 'web', score: 0.9, reasons: [] } as unknown as DecisionFacts['text'];
    const decision: Decision = { effect: 'require_approval', rule: 'screening', reasons };
    const [event, found, ...others] = decisionEvents({ ...facts, decision, text });
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      ...common,
      action_type: 'security.suspicious_text',
      status: 'ok',
      result: {
        action: 'ads.post',
        rule: 'screening',
        decision: event?.event_id,
        reasons: [injection],
        source: 'web',
        score: 0.9,
      },
    });
    expect(decisionEvents({ ...facts, decision })).toHaveLength(1);
    expect(decisionEvents({ ...facts, decision: { ...deny, reasons }, text })).toHaveLength(3);
  });

  it('has details of 16 KiB as they are, and of larger ones the size', () => {
    // {"note":"…"} has 11 characters beside the text.
    const ofBytes = (bytes: number) => ({ note: 'x'.repeat(bytes - 11) });
    const result = (details: object) => decisionEvents({ ...facts, details })[0]?.result;
    expect(result(ofBytes(16_384))).toHaveProperty('details', ofBytes(16_384));
    expect(result(ofBytes(16_384))).not.toHaveProperty('details_bytes');
    expect(result(ofBytes(16_385))).toMatchObject({ details_bytes: 16_385 });
    expect(result(ofBytes(16_385))).not.toHaveProperty('details');
    // Counted as bytes.
    expect(result({ note: 'ü'.repeat(8_187) })).toMatchObject({ details_bytes: 16_385 });
  });
});
