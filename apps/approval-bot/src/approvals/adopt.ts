import { normaliseAction } from '@actp/policy/action-name';
import { approvalRule, type Policy } from '@actp/policy/policy';
import { actionDigest, payloadDigest } from '@actp/shared/approvals/digest';
import { messageOf } from '@actp/shared/errors';
import type { Logger } from '@actp/shared/log';
import { ExactNumber, isKept, parseExactly, type ExactJson } from './card/exact-json.ts';
import type { Adoption, Register, UnadoptedApproval } from './register.ts';

export interface AdoptDeps {
  register: Register;
  /** The policy in force and its version. */
  policy: () => { policy: Policy; version: string };
  ttlSeconds: number;
  grantSeconds: number;
  log: Logger;
}

const batch = 50;
// As the gateway has it for what comes over HTTP.
const maxDepth = 64;

/**
 * Takes up approvals that other programs inserted into the table: from then on they have a digest, and people can be asked.
 * What could not have come over HTTP either is taken back at once, so that who asked need not wait for its expiry.
 *
 * @returns the ids that changed
 */
export async function adoptApprovals(deps: AdoptDeps): Promise<string[]> {
  const { register, log } = deps;
  const changed: string[] = [];
  for (const inserted of await register.unadopted(batch)) {
    const read = readAdoption(inserted, deps);
    if (typeof read === 'string') {
      log.warn({ approval_id: inserted.id, problem: read }, 'an inserted approval cannot be taken up');
      await register.cancel(inserted.id);
      changed.push(inserted.id);
    } else if (await register.adopt(inserted.id, read)) {
      log.info({ approval_id: inserted.id }, 'an inserted approval was taken up');
      changed.push(inserted.id);
    }
  }
  return changed;
}

// One that nobody can read must not keep the others waiting.
function readAdoption(inserted: UnadoptedApproval, deps: AdoptDeps): Adoption | string {
  try {
    return adoptionOf(inserted, deps);
  } catch (error) {
    return `it cannot be read: ${messageOf(error)}`;
  }
}

/** What to store about it, or why it cannot be taken up. */
function adoptionOf(inserted: UnadoptedApproval, deps: AdoptDeps): Adoption | string {
  const { action, requested_by, details: text } = inserted;
  const normal = normaliseAction(action);
  if (normal === undefined) return 'the action cannot be normalised';
  const problem = problemOf(parseExactly(text), 1);
  if (problem !== undefined) return problem;
  const { policy, version: policy_version } = deps.policy();
  const { critical, approvers } = approvalRule(policy, normal);
  // The column takes nothing but an object.
  const details = JSON.parse(text) as Record<string, unknown>;
  return {
    p_action_digest: actionDigest({ action, details, requested_by, policy_version }),
    p_payload_digest: payloadDigest({ action, details }),
    p_policy_version: policy_version,
    p_ttl_seconds: deps.ttlSeconds,
    p_grant_seconds: deps.grantSeconds,
    p_critical: critical,
    p_approvers: approvers,
  };
}

function problemOf(value: ExactJson, depth: number): string | undefined {
  if (value instanceof ExactNumber) return isKept(value) ? undefined : 'a number cannot be kept exactly';
  if (value === null || typeof value !== 'object') return undefined;
  if (depth > maxDepth) return 'the details are nested too deeply';
  for (const inner of Object.values(value)) {
    const problem = problemOf(inner, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
