import { randomUUID } from 'node:crypto';
import { payloadDigest, type ApprovalPayload } from '@actp/shared/approvals/digest';
import { UnavailableError } from '@actp/shared/errors';
import type { AuditWriter } from '../audit/writer.ts';
import { auditOrigin, type RequestContext } from '../request-context.ts';
import { redeemApproval, type Grant, type RedeemApprovalDeps } from './redeem.ts';
import { refusalOf, RefusalError } from './refusals.ts';

type Redeem = (id: string, payload: ApprovalPayload, context: RequestContext) => Promise<Grant>;

interface Caller {
  payload: ApprovalPayload;
  context: RequestContext;
  granted: (grant: Grant) => void;
  failed: (error: unknown) => void;
}

// Those who ask with the same payload and name are one group; an honest approval has one or two.
const mostGroups = 32;
// Answered in one turn of the event loop, so that others are answered in between.
const answeredAtOnce = 50;

/**
 * `redeemApproval`, where many callers who ask for the same thing share one question to the database: at most one question of an
 * approval is under way, and everybody who comes meanwhile shares the next one. So none is answered by what was true before it
 * asked. One of those who share gets the grant, all others hear what the database would have told them behind it.
 */
export function createSharedRedeems(
  deps: RedeemApprovalDeps & { audit: AuditWriter },
  redeem: typeof redeemApproval = redeemApproval,
): Redeem {
  const approvals = new Map<string, Map<string, Caller[]>>();

  async function ask(id: string, groups: Map<string, Caller[]>): Promise<void> {
    for (;;) {
      const [next] = groups;
      if (next === undefined) break;
      groups.delete(next[0]);
      await answerGroup(id, next[1]);
    }
    approvals.delete(id);
  }

  async function answerGroup(id: string, [first, ...others]: Caller[]): Promise<void> {
    if (first === undefined) return;
    let refusal: unknown;
    try {
      first.granted(await redeem(deps, id, first.payload, first.context));
      refusal = refusalOf('already_redeemed');
    } catch (error) {
      first.failed(error);
      refusal = error;
    }
    for (const [index, other] of others.entries()) {
      if (index % answeredAtOnce === 0) await new Promise((resolve) => setImmediate(resolve));
      // The database has recorded the first one; what it knew nothing of leaves no event there either.
      if (refusal instanceof RefusalError && refusal.result !== 'not_found') note(id, other, refusal.result);
      other.failed(refusal);
    }
  }

  function note(id: string, { payload, context }: Caller, refused: string): void {
    const now = new Date().toISOString();
    deps.audit.writeLater({
      event_id: randomUUID(),
      agent_id: context.actor.id,
      action_type: 'approval.redeem',
      status: 'denied',
      result: { action: payload.action, refused },
      approval_id: id,
      started_at: now,
      completed_at: now,
      ...auditOrigin(context),
      source: 'plane',
    });
  }

  return (id, payload, context) => {
    const known = approvals.get(id);
    const groups = known ?? new Map<string, Caller[]>();
    const key = `${payloadDigest(payload)} ${context.actor.kind} ${context.actor.id}`;
    const group = groups.get(key) ?? [];
    if (group.length === 0 && groups.size >= mostGroups) {
      return Promise.reject(new UnavailableError('an approval that so many ask for'));
    }
    const { promise, resolve, reject } = Promise.withResolvers<Grant>();
    group.push({ payload, context, granted: resolve, failed: reject });
    groups.set(key, group);
    if (known === undefined) {
      approvals.set(id, groups);
      void ask(id, groups);
    }
    return promise;
  };
}
