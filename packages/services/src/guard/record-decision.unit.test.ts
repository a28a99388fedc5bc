import { describe, expect, it } from 'vitest';
import type { Decision } from '@actp/policy/decide';
import type { KillSwitch } from '@actp/policy/kill-switch';
import type { AuditRow } from '@actp/shared/audit/event';
import { recordDecision } from './record-decision.ts';

const allow: Decision = { effect: 'allow', rule: 'defaults.effect', reasons: [] };
const grantId = '53d114f3-7ac1-4bb7-991d-7ae887fae18c';
const facts = {
  action: 'report.read',
  agent: 'worker',
  details: {},
  cost_usd: undefined,
  text: undefined,
  policyVersion: 'v1',
  approvalId: undefined,
  origin: { ip_address: '127.0.0.1', user_agent: 'test', request_id: 'r' },
  startedAt: new Date().toISOString(),
};
const context = {
  actor: { kind: 'agent' as const, id: 'worker' },
  ip: '127.0.0.1',
  userAgent: null,
  requestId: 'r',
};

/** What is around an answer: an audit log that may fail, and a switch that is set while it is written. */
function around(over: { stopMeanwhile?: boolean; logFails?: boolean }) {
  const kept: AuditRow[] = [];
  const givenBack: string[] = [];
  let switches: KillSwitch[] = [];
  return {
    kept,
    givenBack,
    deps: {
      killSwitches: { read: () => Promise.resolve(switches) },
      decisionLog: {
        write: (rows: readonly AuditRow[]) => {
          if (over.logFails) return Promise.reject(new Error('away'));
          kept.push(...rows);
          if (over.stopMeanwhile) switches = [{ scope: 'all', reason: 'x', since: '2026-11-22T00:00:00Z' }];
          return Promise.resolve();
        },
      },
      limits: {
        claim: () => Promise.reject(new Error('not asked here')),
        refund: (id: string) => {
          givenBack.push(id);
          return Promise.resolve();
        },
      },
    },
  };
}

describe('an answer of the guard', () => {
  it('is what was kept', async () => {
    const { deps, kept, givenBack } = around({});
    expect(await recordDecision(deps, facts, { decision: allow, grantId }, context)).toEqual({
      decision: allow,
      grantId,
    });
    expect(kept).toMatchObject([
      { action_type: 'guard.decide', result: { effect: 'allow', grant_id: grantId } },
    ]);
    expect(givenBack).toEqual([]);
  });

  it('is a denial when an operator stopped it while it was kept, and then nothing stays counted', async () => {
    const { deps, kept, givenBack } = around({ stopMeanwhile: true });
    const answer = await recordDecision(deps, facts, { decision: allow, grantId }, context);
    expect(answer).toMatchObject({ decision: { effect: 'deny', rule: 'kill_switch' }, grantId: undefined });
    expect(kept.map(({ action_type, status }) => `${action_type} ${status}`)).toEqual([
      'guard.decide ok',
      'guard.decide denied',
      'security.policy_violation denied',
    ]);
    expect(givenBack).toEqual([grantId]);
  });

  it('is none when it cannot be kept, and then nothing stays counted', async () => {
    const { deps, givenBack } = around({ logFails: true });
    await expect(recordDecision(deps, facts, { decision: allow, grantId }, context)).rejects.toThrow('away');
    expect(givenBack).toEqual([grantId]);
  });
});
