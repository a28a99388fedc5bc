import type { Decision } from '@actp/policy/decide';
import type { LimitClaim } from '@actp/policy/limit';
import { applyKillSwitches } from '../kill-switch/apply-switches.ts';
import type { KillSwitchCache } from '../kill-switch/cache.ts';
import type { Limits } from '../limits/limits.ts';
import type { Work } from '../limits/claim.ts';
import type { RequestContext } from '../request-context.ts';
import { decisionEvents, type DecisionFacts } from './decision-events.ts';
import type { DecisionLog } from './decision-log.ts';

export interface DecisionDeps {
  killSwitches: Pick<KillSwitchCache, 'read'>;
  limits: Limits;
  decisionLog: DecisionLog;
}

/** A decision with all that the policy alone cannot know. */
export interface GrantedDecision {
  decision: Decision;
  /** Of an allow that limits count, or that is given once. */
  grantId: string | undefined;
  /** The same work was allowed before, under the same key; what is known of how it ended. */
  repeated?: { outcome: 'succeeded' | 'failed' | null };
}

/** What the policy decides, unless an operator has stopped it, or the database counts that a limit is reached. */
export async function applySwitchesAndLimits(
  { killSwitches, limits }: Pick<DecisionDeps, 'killSwitches' | 'limits'>,
  evaluated: { decision: Decision; claims: readonly LimitClaim[] },
  request: { agent: string; action: string },
  work?: Work,
): Promise<GrantedDecision> {
  const decision = applyKillSwitches(evaluated.decision, await killSwitches.read(), request);
  if (decision.effect !== 'allow' || (evaluated.claims.length === 0 && !work)) {
    return { decision, grantId: undefined };
  }
  const claimed = await limits.claim(evaluated.claims, request, work);
  return 'decision' in claimed
    ? { decision: claimed.decision, grantId: undefined }
    : { decision, ...claimed };
}

/**
 * Keeps a decision for the audit log and returns what may be answered: the same, or a denial when an operator stopped it
 * meanwhile. An allow that cannot be answered is counted no more.
 */
export async function recordDecision(
  { killSwitches, limits, decisionLog }: DecisionDeps,
  facts: Omit<DecisionFacts, keyof GrantedDecision>,
  granted: GrantedDecision,
  context: RequestContext,
): Promise<GrantedDecision> {
  const { decision } = granted;
  // What an earlier call was given stays.
  const grantId = granted.repeated ? undefined : granted.grantId;
  try {
    await decisionLog.write(decisionEvents({ ...facts, ...granted }));
    if (decision.effect === 'deny') return granted;
    const now = applyKillSwitches(decision, await killSwitches.read(), facts);
    if (now === decision) return granted;
    const stopped = { decision: now, grantId: undefined };
    await decisionLog.write(decisionEvents({ ...facts, ...stopped }));
    if (grantId !== undefined) await limits.refund(grantId, context);
    return stopped;
  } catch (error) {
    if (grantId !== undefined) await limits.refund(grantId, context);
    throw error;
  }
}
