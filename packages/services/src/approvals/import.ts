import { z } from 'zod';
import type { Db } from '@actp/db/client';
import { normaliseAction } from '@actp/policy/action-name';
import type { LoadedPolicy } from '@actp/policy/load-policy';
import { actionDigest, payloadDigest } from '@actp/shared/approvals/digest';
import { messageOf } from '@actp/shared/errors';
import { ExactNumber, isKept, parseExactly, type ExactJson } from '@actp/shared/exact-json';
import type { Logger } from '@actp/shared/log';
import { asJson, checkPolicy } from './policy-check.ts';

export interface ImportDeps {
  db: Db;
  /** The policy in force and its version. */
  policy: () => LoadedPolicy;
  ttlSeconds: number;
  grantSeconds: number;
  log: Logger;
}

const Inserted = z.array(
  z.object({ id: z.uuid(), action: z.string(), requested_by: z.string(), details: z.string() }),
);
type InsertedApproval = z.output<typeof Inserted>[number];

const batch = 50;
// As the gateway has it for what comes over HTTP.
const maxDepth = 64;

/**
 * Imports approvals that other programs inserted into the table: from then on they have a digest, and people can be asked.
 * What could not have come over HTTP either, and what the policy denies, is cancelled at once, so that the requester need not wait
 * for its expiry and nobody is asked.
 *
 * @returns the ids that changed
 */
export async function importApprovals(deps: ImportDeps): Promise<string[]> {
  const { db, log } = deps;
  const changed: string[] = [];
  const inserted = await db.call((client) => client.rpc('unadopted_approvals', { p_limit: batch }));
  for (const row of Inserted.parse(inserted)) {
    const read = readImport(row, deps);
    if (typeof read === 'string') {
      log.warn({ approval_id: row.id, problem: read }, 'inserted approval cancelled: it cannot be imported');
      await db.call((client) =>
        client.rpc('cancel_approval', { p_id: row.id, p_context: { agent_id: 'plane', source: 'plane' } }),
      );
      changed.push(row.id);
    } else if ('denied' in read) {
      log.warn(
        { approval_id: row.id, rule: read.denied.rule },
        'inserted approval cancelled: the policy denies it',
      );
      const p_denied = asJson(read.denied);
      if (await db.call((client) => client.rpc('refuse_import', { p_id: row.id, p_denied })))
        changed.push(row.id);
      // False when another copy was faster.
    } else if (await db.call((client) => client.rpc('adopt_approval', { p_id: row.id, ...read }))) {
      log.info({ approval_id: row.id }, 'inserted approval imported');
      changed.push(row.id);
    }
  }
  return changed;
}

type ImportColumns = ReturnType<typeof columnsOf>;

// One that cannot be read must not keep the others waiting.
function readImport(inserted: InsertedApproval, deps: ImportDeps): ImportColumns | string {
  try {
    const normal = normaliseAction(inserted.action);
    if (normal === undefined) return 'the action cannot be normalised';
    return problemOf(parseExactly(inserted.details), 1) ?? columnsOf(inserted, deps);
  } catch (error) {
    return `it cannot be read: ${messageOf(error)}`;
  }
}

/** What to store about it, or why the policy denies it. */
function columnsOf({ action, requested_by, details: text }: InsertedApproval, deps: ImportDeps) {
  // The column takes nothing but an object.
  const details = JSON.parse(text) as Record<string, unknown>;
  const { check } = checkPolicy(deps.policy(), { action, details, agent: requested_by });
  const { version: policy_version, denied, critical, approvers } = check;
  if (denied) return { denied: { version: policy_version, ...denied } };
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
