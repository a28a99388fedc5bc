import { describe, expect, it } from 'vitest';
import type { Decision } from '@actp/policy/decide';
import type { LimitClaim } from '@actp/policy/limit';
import type { KillSwitch } from '@actp/policy/kill-switch';
import type { AuditRow } from '@actp/shared/audit/event';
import { applySwitchesAndLimits, recordDecision } from './record-decision.ts';

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

describe('what the policy decides', () => {
  const request = { agent: 'worker', action: 'report.read' };
  const claim: LimitClaim = {
    counter: 'c',
    amount: '1',
    max: '1',
    seconds: 60,
    over: 'deny',
    rule: 'r',
    detail: 'd',
  };
  const work = { key: 'k', bodyDigest: 'd' };
  const reached: Decision = { effect: 'deny', rule: 'r', reasons: [{ code: 'limit_reached', detail: 'd' }] };

  /** What the database counts is said by the test. */
  function apply(
    over: {
      decision?: Decision;
      claims?: readonly LimitClaim[];
      work?: typeof work;
      switches?: KillSwitch[];
    },
    claimed: object = { grantId },
  ) {
    const asked: unknown[] = [];
    const { deps } = around({});
    const limits = {
      ...deps.limits,
      claim: (...question: unknown[]) => {
        asked.push(question);
        return Promise.resolve(claimed as { grantId: string });
      },
    };
    const killSwitches = { read: () => Promise.resolve(over.switches ?? []) };
    const evaluated = { decision: over.decision ?? allow, claims: over.claims ?? [] };
    const result = applySwitchesAndLimits({ killSwitches, limits }, evaluated, request, over.work);
    return result.then((granted) => ({ granted, asked }));
  }

  it('holds where nothing counts it', async () => {
    expect(await apply({})).toEqual({ granted: { decision: allow, grantId: undefined }, asked: [] });
  });

  it('is counted where a limit applies, or the work has a key', async () => {
    for (const over of [{ claims: [claim] }, { work }, { claims: [claim], work }]) {
      const { granted, asked } = await apply(over);
      expect(granted).toEqual({ decision: allow, grantId });
      expect(asked).toEqual([[over.claims ?? [], request, over.work]]);
    }
  });

  it('is what the database makes of it: a limit that is reached, or work that was allowed before', async () => {
    expect((await apply({ claims: [claim] }, { decision: reached })).granted).toEqual({
      decision: reached,
      grantId: undefined,
    });
    const repeated = { outcome: 'succeeded' };
    expect((await apply({ work }, { grantId, repeated })).granted).toEqual({
      decision: allow,
      grantId,
      repeated,
    });
  });

  it.each(['deny', 'require_approval'] as const)('is not counted when it is %s', async (effect) => {
    const decision: Decision = { effect, rule: 'ads', reasons: [] };
    expect(await apply({ decision, claims: [claim], work })).toEqual({
      granted: { decision, grantId: undefined },
      asked: [],
    });
  });

  it('is no when an operator has stopped it, and not counted', async () => {
    const switches = [{ scope: 'all', reason: 'x', since: '2026-11-22T00:00:00Z' }];
    const { granted, asked } = await apply({ claims: [claim], work, switches });
    expect(granted).toMatchObject({ decision: { effect: 'deny', rule: 'kill_switch' }, grantId: undefined });
    expect(asked).toEqual([]);
  });
});

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

  it('gives nothing back that was not counted, or that an earlier call was given', async () => {
    for (const granted of [
      { decision: allow, grantId: undefined },
      { decision: allow, grantId, repeated: { outcome: null } },
    ]) {
      const stopped = around({ stopMeanwhile: true });
      expect(await recordDecision(stopped.deps, facts, granted, context)).toMatchObject({
        decision: { rule: 'kill_switch' },
        grantId: undefined,
      });
      const away = around({ logFails: true });
      await expect(recordDecision(away.deps, facts, granted, context)).rejects.toThrow('away');
      expect([stopped.givenBack, away.givenBack]).toEqual([[], []]);
    }
  });

  it('is the denial that it was, also when an operator stops it meanwhile', async () => {
    const { deps, kept } = around({ stopMeanwhile: true });
    const denied: Decision = { effect: 'deny', rule: 'no-ads', reasons: [] };
    const granted = { decision: denied, grantId: undefined };
    expect(await recordDecision(deps, facts, granted, context)).toBe(granted);
    expect(kept.map(({ action_type }) => action_type)).toEqual(['guard.decide', 'security.policy_violation']);
  });
});
