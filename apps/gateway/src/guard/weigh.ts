import type { Decision } from '@actp/policy/decide';
import type { LimitClaim } from '@actp/policy/limit';
import type { RequestContext } from '../approvals/service.ts';
import type { AppDeps } from '../context.ts';
import { decisionEvents, type Decided } from './decision-events.ts';
import { unlessStopped } from './stopped.ts';

/** A decision with all that the policy alone cannot know. */
export interface Weighed {
  decision: Decision;
  /** Of an allow that limits count. */
  grantId: string | undefined;
}

/** What the policy says, unless an operator has stopped it, or the database counts that a limit is reached. */
export async function weigh(
  { pulse, limits }: Pick<AppDeps, 'pulse' | 'limits'>,
  judged: { decision: Decision; claims: readonly LimitClaim[] },
  who: { agent: string; action: string },
): Promise<Weighed> {
  const decision = unlessStopped(judged.decision, await pulse.read(), who);
  if (decision.effect !== 'allow' || judged.claims.length === 0) return { decision, grantId: undefined };
  const counted = await limits.take(judged.claims, who);
  return 'decision' in counted
    ? { decision: counted.decision, grantId: undefined }
    : { decision, grantId: counted.grantId };
}

/**
 * Keeps a decision for the audit log and gives what may be answered: the same, or a denial when an operator stopped it
 * meanwhile. An allow that cannot be answered is counted no more.
 */
export async function keep(
  { pulse, limits, decisionLog }: Pick<AppDeps, 'pulse' | 'limits' | 'decisionLog'>,
  facts: Omit<Decided, keyof Weighed>,
  weighed: Weighed,
  context: RequestContext,
): Promise<Weighed> {
  const { decision, grantId } = weighed;
  try {
    await decisionLog.write(decisionEvents({ ...facts, ...weighed }));
    if (decision.effect === 'deny') return weighed;
    const now = unlessStopped(decision, await pulse.read(), facts);
    if (now === decision) return weighed;
    const stopped = { decision: now, grantId: undefined };
    await decisionLog.write(decisionEvents({ ...facts, ...stopped }));
    if (grantId !== undefined) await limits.giveBack(grantId, context);
    return stopped;
  } catch (error) {
    if (grantId !== undefined) await limits.giveBack(grantId, context);
    throw error;
  }
}
