import { describe, expect, it } from 'vitest';
import type { Decision } from '@actp/policy/decide';
import { applyKillSwitches } from './apply-switches.ts';

const since = '2026-11-26T13:00:00.5+01:00';
const switchOn = (scope: string) => ({ scope, reason: 'a leak', since });
const request = { agent: 'buyer', action: 'ads.post' };
const reasons: Decision['reasons'] = [{ code: 'approval_required', detail: 'x' }];
const decision: Decision = { effect: 'require_approval', rule: 'ads', reasons };

describe('a kill switch', () => {
  it.each(['all', 'agent:buyer', 'action:ads.*'])(
    'denies what it names, and says who and why: %s',
    (scope) => {
      expect(applyKillSwitches(decision, [switchOn('agent:other'), switchOn(scope)], request)).toEqual({
        effect: 'deny',
        rule: 'kill_switch',
        reasons: [
          {
            code: 'kill_switch',
            detail: `an operator stopped ${scope} at 2026-11-26T12:00:00.500Z: a leak`,
          },
          ...reasons,
        ],
      });
    },
  );

  it('leaves everything else as it was decided', () => {
    const others = [switchOn('agent:other'), switchOn('action:mail.*')];
    expect(applyKillSwitches(decision, others, request)).toBe(decision);
    expect(applyKillSwitches(decision, [], request)).toBe(decision);
  });
});
