import { describe, expect, it } from 'vitest';
import { readyGates } from './gates.ts';
import { Policy } from './policy.ts';

const ready = (...gates: object[]) =>
  readyGates(Policy.parse({ version: 1, tools: { allow: [] }, gates, defaults: { effect: 'allow' } }).gates);

describe('the gates that cover an action', () => {
  it('come the most particular first, whatever their order in the file', () => {
    const gates = [
      { action: 'mail.send', effect: 'deny' },
      { action: 'mail.send', approval: 'required' },
      { action: 'mail.send', when: 'details.a > 1', effect: 'deny' },
      { action: 'mail.send', when: 'details.b > 1', approval: 'required' },
      { action: '*l.send', effect: 'deny' },
      { action: 'mail.*', effect: 'deny' },
      { action: 'm*', effect: 'deny' },
      { action: '*', effect: 'deny' },
    ] as const;
    const order = (list: readonly object[]) =>
      ready(...list)
        .covering('mail.send')
        .map(({ action, when, effect }) => [action, when ?? '', effect].join(' '));
    const wanted = [
      'mail.send  deny',
      'mail.send  require_approval',
      'mail.send details.a > 1 deny',
      'mail.send details.b > 1 require_approval',
      '*l.send  deny',
      'mail.*  deny',
      'm*  deny',
      '*  deny',
    ];
    expect(order(gates)).toEqual(wanted);
    expect(order(gates.toReversed())).toEqual(wanted);
  });

  it('are found again, and others are not taken for them, however many actions are asked about', () => {
    const gates = ready({ action: 'a.*', effect: 'deny' });
    for (let i = 0; i < 2_100; i += 1) {
      expect(gates.covering(`a.${i}`)).toHaveLength(1);
      expect(gates.covering(`b.${i}`)).toEqual([]);
    }
    expect(gates.covering('a.0')).toBe(gates.covering('a.0'));
  });

  it('ask a person unless they deny', () => {
    const [gate] = ready({ action: 'a', limit: { count: true, per: 'all', within: '1h', max: 1 } }).covering(
      'a',
    );
    expect(gate).toMatchObject({ effect: 'require_approval', when: undefined, condition: undefined });
    expect(gate?.limit?.field).toBeUndefined();
  });

  it('are not made ready with a condition that was not checked', () => {
    const gate = { action: 'a', when: 'details.n >', critical: false, approvers: 1, effect: 'deny' as const };
    expect(() => readyGates([gate])).toThrow(new TypeError('a policy with a bad condition was not refused'));
  });
});
