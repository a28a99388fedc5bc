import { randomUUID } from 'node:crypto';
import type { Approval } from './approval.ts';

export interface StandInResponse {
  status: number;
  body: unknown;
}

export type Decision = 'approved' | 'rejected' | 'expired' | 'cancelled';

/** The approvals of the stand-in gateway: the rules of the real one, as far as a client can tell. */
export function createApprovals() {
  const approvals = new Map<string, Approval>();
  const keys = new Map<string, { id: string; body: string }>();
  const listeners = new Set<() => void>();

  const change = (approval: Approval, changes: Partial<Approval>): void => {
    Object.assign(approval, changes, { version: approval.version + 1 });
    for (const listener of listeners) listener();
  };
  const withApproval = (id: string, answer: (approval: Approval) => StandInResponse): StandInResponse => {
    const approval = approvals.get(id);
    return approval === undefined ? refusal(404, 'not_found') : answer(approval);
  };

  return {
    all: () => [...approvals.values()],
    /** A person, or time, decides. */
    decide(id: string, status: Decision): void {
      const approval = approvals.get(id);
      if (approval?.status !== 'pending') throw new Error('only a pending approval is decided');
      change(approval, { status });
    },
    /** Anything else that may become of one. */
    change(id: string, changes: Partial<Approval>): void {
      const approval = approvals.get(id);
      if (approval) change(approval, changes);
    },
    onChange(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    ask(agent: string, key: string | undefined, body: { action: string; details: object }): StandInResponse {
      const scope = `${agent} ${key}`;
      const known = key === undefined ? undefined : keys.get(scope);
      if (known) {
        if (known.body !== JSON.stringify(body)) return refusal(422, 'idempotency_mismatch');
        return { status: 201, body: approvals.get(known.id) };
      }
      const approval = newApproval(agent, body);
      approvals.set(approval.id, approval);
      if (key !== undefined) keys.set(scope, { id: approval.id, body: JSON.stringify(body) });
      return { status: 201, body: approval };
    },
    read: (id: string) => withApproval(id, (approval) => ({ status: 200, body: approval })),
    redeem: (id: string, body: { action: string; details: object }) =>
      withApproval(id, (approval) => {
        const same = (one: object) => JSON.stringify(one);
        if (same([approval.action, approval.details]) !== same([body.action, body.details])) {
          return refusal(412, 'digest_mismatch');
        }
        if (approval.status === 'expired' || approval.lapsed_at !== null) return refusal(410, 'gone');
        if (approval.status !== 'approved' || approval.redeemed_at !== null) return refusal(409, 'conflict');
        change(approval, { redeemed_at: new Date().toISOString() });
        return { status: 200, body: { grant_id: randomUUID(), redeemed_at: approval.redeemed_at } };
      }),
    report: (id: string, body: { status: 'succeeded' | 'failed'; result?: unknown }) =>
      withApproval(id, (approval) => {
        if (approval.redeemed_at === null) return refusal(409, 'conflict');
        if (approval.outcome === null) change(approval, { outcome: body.status });
        return approval.outcome === body.status ? { status: 200, body: approval } : refusal(409, 'conflict');
      }),
    cancel: (id: string) =>
      withApproval(id, (approval) => {
        if (approval.status === 'pending') change(approval, { status: 'cancelled' });
        return approval.status === 'cancelled' ? { status: 200, body: approval } : refusal(409, 'conflict');
      }),
  };
}

/** A problem document as the gateway sends it. */
function refusal(status: number, code: string, detail = 'it cannot be done'): StandInResponse {
  return { status, body: { type: `urn:actp:problem:${code}`, status, code, detail, request_id: 'r-1' } };
}

function newApproval(agent: string, { action, details }: { action: string; details: object }): Approval {
  const now = new Date();
  return {
    id: randomUUID(),
    status: 'pending',
    action,
    details: { ...details },
    requested_by: agent,
    reason: null,
    action_digest: '0'.repeat(64),
    policy_version: 'p',
    critical: false,
    approvers: 1,
    approvals: 0,
    expires_at: new Date(now.getTime() + 14_400_000).toISOString(),
    created_at: now.toISOString(),
    decided_by: null,
    decided_by_name: null,
    decided_at: null,
    decision_reason: null,
    grant_expires_at: null,
    redeemed_at: null,
    lapsed_at: null,
    outcome: null,
    outcome_at: null,
    version: 1,
  };
}
