import { z } from 'zod';
import type { Db } from '@actp/db/client';
import { loadPolicy } from '@actp/policy/load-policy';
import { approvalRule } from '@actp/policy/policy';
import { actionDigest, digestOf, payloadDigest } from '@actp/shared/approvals/digest';
import type { AskToApply } from './heal-deps.ts';

const action = 'system.apply_heal';
const requestedBy = 'self-heal';
const Answer = z.object({ approval: z.object({ id: z.uuid() }) });

/** Asks a person whether a verified change may be applied; the question holds the diff's digest. Asked once for each heal. */
export function createAskToApply(deps: {
  db: Db;
  policyFile: string;
  ttlSeconds: number;
  grantSeconds: number;
}): AskToApply {
  return async ({ healId, runId, suite, branch, digest, files }) => {
    const { policy, version: policy_version } = await loadPolicy(deps.policyFile);
    const details = {
      run_id: runId,
      heal_id: healId,
      suite,
      branch,
      diff_digest: digest,
      files: files.slice(0, 100),
    };
    const payload = { action, details };
    const answer = await deps.db.call((client) =>
      client.rpc('request_approval', {
        p_request: {
          ...payload,
          ...approvalRule(policy, action),
          requested_by: requestedBy,
          reason: `a verified repair of ${suite} waits on ${branch}`,
          ttl_seconds: deps.ttlSeconds,
          grant_seconds: deps.grantSeconds,
          policy_version,
          action_digest: actionDigest({ ...payload, requested_by: requestedBy, policy_version }),
          payload_digest: payloadDigest(payload),
          chat_id: null,
          callback_url: null,
          idempotency_key: `heal-${healId}`,
          request_digest: digestOf(payload),
        },
        p_context: {
          agent_id: requestedBy,
          ip: '127.0.0.1',
          user_agent: 'actp-worker/selftest-runner',
          request_id: null,
        },
      }),
    );
    return Answer.parse(answer).approval.id;
  };
}
