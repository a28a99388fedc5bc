import { describe, expect, it } from 'vitest';
import { decide, type Decision } from './decide.ts';
import { readyGates } from './gates.ts';
import { parsePolicy } from './policy.ts';
import type { ScreenedText } from './screening.ts';

const file = (screening: string, effect = 'allow') => `version: 1
tools: { allow: [] }
gates:
  - { action: email.send, approval: required }
${screening}
defaults: { effect: ${effect} }
`;
const all = 'screening: { flag: 0.5, require_approval: 0.8, deny: 0.95 }';
const reason = { code: 'injection.override', detail: 'the text of a tool says so' } as const;

function ask(
  screening: string,
  score: number | undefined,
  {
    source = 'tool',
    action = 'report.read',
    effect = 'allow',
  }: { source?: ScreenedText['source']; action?: string; effect?: string } = {},
): Decision {
  const parsed = parsePolicy(file(screening, effect));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { policy } = parsed;
  const text = score === undefined ? undefined : { source, score, reasons: [reason] };
  const rules = { policy, gates: readyGates(policy.gates), maxSpendPerTask: 1_000 };
  return decide(rules, { action, details: {}, agent: 'worker', text });
}

describe('thresholds for text', () => {
  it.each<[number | undefined, string, string, string[]]>([
    [undefined, 'allow', 'defaults.effect', []],
    [0.499, 'allow', 'defaults.effect', []],
    [0.5, 'allow', 'defaults.effect', ['injection.override']],
    [0.799, 'allow', 'defaults.effect', ['injection.override']],
    [0.8, 'require_approval', 'screening.require_approval', ['injection.override']],
    [0.95, 'deny', 'screening.deny', ['injection.override']],
    [1, 'deny', 'screening.deny', ['injection.override']],
  ])('[POL-004] a score of %s: %s by %s', (score, effect, rule, codes) => {
    const decision = ask(all, score);
    expect(decision).toMatchObject({ effect, rule });
    expect(decision.reasons.map(({ code }) => code)).toEqual(codes);
  });

  it('are off where they are not set', () => {
    expect(ask('', 1)).toEqual({ effect: 'allow', rule: 'defaults.effect', reasons: [] });
    expect(ask('screening: {}', 1).effect).toBe('allow');
    expect(ask('screening: { flag: 0.5 }', 1)).toMatchObject({ effect: 'allow', reasons: [reason] });
    expect(ask('screening: { deny: 0.9 }', 0.8).reasons).toEqual([]);
  });

  it('may be others for each source', () => {
    const mild = 'screening: { flag: 0.5, deny: 0.9, user: { flag: 0.7 } }';
    expect(ask(mild, 1, { source: 'user' })).toMatchObject({ effect: 'allow', reasons: [reason] });
    expect(ask(mild, 0.6, { source: 'user' }).reasons).toEqual([]);
    expect(ask(mild, 0.9, { source: 'web' }).effect).toBe('deny');
  });

  it('never make a decision milder, and stand beside what the gates say', () => {
    expect(ask(all, 0.6, { effect: 'deny' })).toMatchObject({ effect: 'deny', rule: 'defaults.effect' });
    expect(ask(all, 0.8, { action: 'email.send' })).toMatchObject({
      effect: 'require_approval',
      rule: 'gate:email.send',
      reasons: [{ code: 'approval_required' }, reason],
    });
    expect(ask(all, 0.99, { action: 'email.send' })).toMatchObject({
      effect: 'deny',
      rule: 'screening.deny',
    });
  });

  it.each<[string, string]>([
    ['screening: { flag: 0 }', 'screening.flag'],
    ['screening: { deny: 1.01 }', 'screening.deny'],
    ['screening: { require_approval: high }', 'screening.require_approval'],
    ['screening: { user: { flag: -1 } }', 'screening.user.flag'],
    ['screening: { flagged: 0.5 }', 'screening'],
    ['screening: { tool: { allow: 0.1 } }', 'screening.tool'],
    ['screening: 0.5', 'screening'],
  ])('[POL-007] a bad one names field and line: %s', (screening, path) => {
    const parsed = parsePolicy(file(screening));
    expect(parsed).toMatchObject({ ok: false, problems: [{ line: 5, path }] });
  });
});
