import type { Db } from '@actp/db/client';
import { loadPolicy } from '@actp/policy/load-policy';
import { requestApproval } from '@actp/services/approvals/request';
import { digestOf } from '@actp/shared/approvals/digest';
import type { AskToApply } from './heal-deps.ts';

const action = 'system.apply_heal';
const actor = { kind: 'system', id: 'self-heal' } as const;

/** Asks a person whether a verified change may be applied; the question holds the diff's digest. Asked once for each heal. */
export function createAskToApply({
  db,
  policyFile,
  ttlSeconds,
  grantSeconds,
}: {
  db: Db;
  policyFile: string;
  ttlSeconds: number;
  grantSeconds: number;
}): AskToApply {
  return async ({ healId, runId, suite, branch, digest, files }) => {
    const policy = await loadPolicy(policyFile);
    const details = {
      run_id: runId,
      heal_id: healId,
      suite,
      branch,
      diff_digest: digest,
      files: files.slice(0, 100),
    };
    const payload = { action, details };
    const approval = await requestApproval(
      // The bot finds it by itself, within seconds.
      { db, grantSeconds, policy: () => policy, announce: () => undefined },
      {
        ...payload,
        requested_by: actor.id,
        reason: `a verified repair of ${suite} waits on ${branch}`,
        ttl_seconds: ttlSeconds,
        chat_id: null,
        callback_url: null,
        idempotency: { key: `heal-${healId}`, bodyDigest: digestOf(payload) },
      },
      { actor, ip: '127.0.0.1', userAgent: 'actp-worker/selftest-runner', requestId: null },
    );
    return approval.id;
  };
}
