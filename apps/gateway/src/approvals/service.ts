import type { Db } from '@actp/db/client';
import { judge } from '@actp/policy/decide';
import type { LoadedPolicy } from '@actp/policy/load-policy';
import { approvalRule } from '@actp/policy/policy';
import { normaliseAction } from '@actp/policy/action-name';
import { cleanText } from '@actp/shared/audit/clean-text';
import { AppError } from '@actp/shared/errors';
import type { Json } from '@actp/db/database-types';
import { actionDigest, payloadDigest, type ApprovalPayload } from '@actp/shared/approvals/digest';
import type { Position } from '../http/page-cursor.ts';
import { claimsOnTheWire } from '../guard/limits.ts';
import { storedKey } from '../http/idempotency-key.ts';
import { readApproval } from './read-approval.ts';
import { refusalOf } from './refusals.ts';
import { z } from 'zod';
import { Approval, readAnswer } from './wire.ts';

/** Who calls and from where, for the record. */
export interface RequestContext {
  agent_id: string;
  ip: string;
  user_agent: string | null;
  request_id: string;
}

interface ApprovalRequest extends ApprovalPayload {
  requested_by: string;
  reason: string | null;
  ttl_seconds: number;
  chat_id: string | null;
  callback_url: string | null;
  idempotency: { key: string; bodyDigest: string } | null;
}

const ApprovalEvent = z.object({ version: z.int(), type: z.string() });

export interface ApprovalServiceDeps {
  db: Db;
  /** The policy in force and its version. */
  policy: () => LoadedPolicy;
  grantSeconds: number;
  /** USD. */
  maxSpendPerTask: number;
  /** Told after every change, so that waiters and cards learn of it soon; must not throw. */
  changed: (approval: Approval) => void;
}

export interface ApprovalService {
  request(request: ApprovalRequest, context: RequestContext): Promise<Approval>;
  read(id: string): Promise<Approval>;
  list(query: {
    status: Approval['status'] | undefined;
    before: Position | undefined;
    limit: number;
  }): Promise<Array<{ approval: Approval; cursor: { at: string; id: string } }>>;
  decide(
    id: string,
    decision: { decision: 'approved' | 'rejected'; action_digest: string; reason: string | null },
    actor: string,
    context: RequestContext,
  ): Promise<Approval>;
  redeem(
    id: string,
    payload: ApprovalPayload,
    context: RequestContext,
  ): Promise<{ grant_id: string; redeemed_at: string }>;
  recordOutcome(
    id: string,
    outcome: { status: 'succeeded' | 'failed'; beforeEffect: boolean },
    result: unknown,
    context: RequestContext,
  ): Promise<Approval>;
  cancel(id: string, context: RequestContext): Promise<Approval>;
  /** What happened after a version, oldest first. */
  events(id: string, afterVersion: number): Promise<Array<z.output<typeof ApprovalEvent>>>;
}

/**
 * Approvals as callers know them. Each method is one SQL function, which checks, changes and audits in one transaction;
 * a refusal is an AppError with the matching code.
 */
export function createApprovalService({
  db,
  policy,
  grantSeconds,
  maxSpendPerTask,
  changed,
}: ApprovalServiceDeps): ApprovalService {
  const settle = (answer: unknown) => {
    const { result, approval, ...rest } = readAnswer(answer);
    const refusal = refusalOf(result);
    if (approval !== undefined && (refusal === undefined || result === 'expired')) changed(approval);
    if (refusal) throw refusal;
    return { approval, ...rest };
  };
  const withApproval = (answer: unknown): Approval => {
    const { approval } = settle(answer);
    if (!approval) throw new AppError('internal', 'the database answered without the approval');
    return approval;
  };

  const service: ApprovalService = {
    async request(given, context) {
      // Before any digest is made of it: what was asked, who asked and why are read elsewhere; only details stay as they are.
      const request = {
        ...given,
        requested_by: cleanText(given.requested_by, 128),
        reason: given.reason === null ? null : cleanText(given.reason, 2_000),
      };
      const { policy: current, version: policy_version } = policy();
      const normal = normaliseAction(request.action);
      if (normal === undefined) throw new AppError('validation_failed', 'the action cannot be normalised');
      const { idempotency, ...asked } = request;
      const answer = await db.call((client) =>
        client.rpc('request_approval', {
          p_request: {
            ...asked,
            ...approvalRule(current, normal),
            details: request.details as Json,
            grant_seconds: grantSeconds,
            policy_version,
            action_digest: actionDigest({ ...request, policy_version }),
            payload_digest: payloadDigest(request),
            idempotency_key: idempotency === null ? null : storedKey(idempotency.key),
            request_digest: idempotency?.bodyDigest ?? null,
          },
          p_context: { ...context },
        }),
      );
      return withApproval(answer);
    },

    read: (id) => readApproval(db, id),

    async list({ status, before, limit }) {
      const rows: unknown = await db.call((client) =>
        client.rpc('list_approvals', {
          // The generated types do not know that these arguments may be null.
          p_status: (status ?? null) as string,
          p_before_at: (before?.at ?? null) as string,
          p_before_id: (before?.id ?? null) as string,
          p_limit: limit,
        }),
      );
      return (rows as Array<{ id: string; created_at: string }>).map((row) => ({
        approval: Approval.parse(row),
        cursor: { at: row.created_at, id: row.id },
      }));
    },

    async decide(id, { decision, action_digest, reason }, actor, context) {
      const answer = await db.call((client) =>
        client.rpc('decide_approval', {
          p_id: id,
          p_decision: decision,
          p_action_digest: action_digest,
          p_actor: actor,
          p_reason: (reason === null ? null : cleanText(reason, 2_000)) as string,
          p_telegram: null,
          p_context: { ...context },
        }),
      );
      return withApproval(answer);
    },

    async redeem(id, payload, context) {
      const { claims } = judge(
        { ...policy(), maxSpendPerTask },
        { action: payload.action, details: payload.details, agent: context.agent_id },
      );
      const answer = await db.call((client) =>
        client.rpc('redeem_approval', {
          p_id: id,
          p_payload_digest: payloadDigest(payload),
          p_context: { ...context },
          ...(claims.length > 0 && { p_limits: claimsOnTheWire(claims) }),
        }),
      );
      const { grant_id, redeemed_at } = settle(answer);
      if (grant_id === undefined || redeemed_at === undefined) {
        throw new AppError('internal', 'the database answered without a grant');
      }
      return { grant_id, redeemed_at };
    },

    async recordOutcome(id, { status, beforeEffect }, result, context) {
      const answer = await db.call((client) =>
        client.rpc('record_outcome', {
          p_id: id,
          p_outcome: status,
          p_result: (result ?? null) as Json,
          p_before_effect: beforeEffect,
          p_context: { ...context },
        }),
      );
      return withApproval(answer);
    },

    async cancel(id, context) {
      return withApproval(
        await db.call((client) => client.rpc('cancel_approval', { p_id: id, p_context: { ...context } })),
      );
    },

    async events(id, afterVersion) {
      const rows = await db.call((client) =>
        client.rpc('approval_events', { p_id: id, p_after_version: afterVersion }),
      );
      return z.array(ApprovalEvent).parse(rows);
    },
  };
  return service;
}
