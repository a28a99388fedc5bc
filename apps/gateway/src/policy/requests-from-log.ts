import { join, resolve } from 'node:path';
import { z } from 'zod';
import { createDb } from '@actp/db/client';
import { nullable } from '@actp/db/nullable';
import { mintServiceRoleKey } from '@actp/embedded/keys';
import { readPorts } from '@actp/embedded/ports-file';
import { repositoryRoot } from '@actp/policy/load-policy';
import type { CommandLine } from './command-line.ts';
import type { PastRequests } from './diff.ts';
import { pastRequest } from './past-request.ts';

const pageMs = 10_000;
const pageSize = 500;
const Page = z.array(z.looseObject({ id: z.int(), created_at: z.string() }));

/** The last guard requests out of the audit log of the running plane. */
export async function requestsFromLog({
  env,
  last,
}: Pick<CommandLine, 'env' | 'last'>): Promise<PastRequests> {
  const db = createDb(databaseOf(env), pageMs);
  const past: PastRequests = { requests: [], unknown: 0, source: 'of the audit log' };
  let before: { at: string; id: number } | undefined;
  for (let left = last; left > 0;) {
    const size = Math.min(left, pageSize);
    const answer: unknown = await db.call((client) =>
      client.rpc('list_audit_events', {
        p_filter: { action_type: 'guard.decide' },
        p_before_at: nullable(before?.at),
        p_before_id: nullable(before?.id),
        p_limit: size,
      }),
    );
    const page = Page.parse(answer);
    for (const event of page) {
      const read = pastRequest(event);
      if (read === 'unknown') past.unknown += 1;
      else if (read !== 'other') past.requests.push(read);
    }
    const end = page.at(-1);
    if (end === undefined || page.length < size) break;
    before = { at: end.created_at, id: end.id };
    left -= page.length;
  }
  return past;
}

// The configured database, or the embedded one of the plane that runs on this data folder.
function databaseOf(env: CommandLine['env']): Parameters<typeof createDb>[0] {
  const { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, ACTP_JWT_SECRET } = env;
  if (SUPABASE_URL !== undefined && SUPABASE_SERVICE_ROLE_KEY !== undefined) {
    return { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY };
  }
  const dataDir = resolve(repositoryRoot, env['ACTP_DATA_DIR'] ?? '.actp');
  const { supabase } = readPorts(join(dataDir, 'ports.json'));
  if (supabase === undefined || ACTP_JWT_SECRET === undefined) {
    throw new Error(`No plane has run on ${dataDir}. Start it (npm start), or set SUPABASE_URL and its key.`);
  }
  return {
    SUPABASE_URL: `http://127.0.0.1:${supabase}`,
    SUPABASE_SERVICE_ROLE_KEY: mintServiceRoleKey(ACTP_JWT_SECRET),
  };
}
