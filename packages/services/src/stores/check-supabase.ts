import { setTimeout as delay } from 'node:timers/promises';
import { errorCodeSuffix, type StoreProblem } from './store-problem.ts';

export interface SupabaseTarget {
  SUPABASE_URL: string;
  SUPABASE_SERVICE_ROLE_KEY: string;
  DATABASE_URL?: string | undefined;
}

// Enough for one that is just being started beside us.
const retryForMs = 3_000;
const answerMs = 2_000;
const pauseMs = 250;
// Postgres' and PostgREST's codes for a table that is not there.
const missing = ['42P01', 'PGRST205'];

/**
 * Why the configured Supabase project cannot be used; undefined when it answers, takes the key as the service role's, and has
 * our tables or is about to get them.
 */
export async function checkSupabase(target: SupabaseTarget): Promise<StoreProblem | undefined> {
  const deadline = performance.now() + retryForMs;
  for (;;) {
    const { wait, problem } = await probe(target);
    if (!wait || performance.now() > deadline) return problem;
    await delay(pauseMs);
  }
}

async function probe(target: SupabaseTarget): Promise<{ wait: boolean; problem?: StoreProblem }> {
  const headers = headersOf(target.SUPABASE_SERVICE_ROLE_KEY);
  if (headers === undefined) return { wait: false, problem: badKey };
  let response: Response;
  let code: unknown;
  try {
    // It reads this table, and anon does not.
    response = await fetch(
      `${target.SUPABASE_URL}/rest/v1/actp_agent_health_snapshots?select=run_id&limit=0`,
      {
        headers,
        redirect: 'manual',
        signal: AbortSignal.timeout(answerMs),
      },
    );
    code = codeIn(await response.text());
  } catch (error) {
    return { wait: true, problem: unavailable(errorCodeSuffix(error)) };
  }
  if (response.ok) return { wait: false };
  if (response.status >= 500) return { wait: true, problem: unavailable(` (status ${response.status})`) };
  if (response.status === 401 || response.status === 403) return { wait: false, problem: badKey };
  if (response.status !== 404 || !missing.includes(String(code)))
    return { wait: false, problem: notSupabase };
  return target.DATABASE_URL === undefined ? { wait: false, problem: notMigrated } : { wait: false };
}

// A key with characters that no header can hold is no key.
function headersOf(key: string): Headers | undefined {
  try {
    return new Headers({ apikey: key, authorization: `Bearer ${key}` });
  } catch {
    return undefined;
  }
}

function codeIn(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;
  } catch {
    return undefined;
  }
}

const unavailable = (how: string): StoreProblem => ({
  problem: `The Supabase project at SUPABASE_URL is unavailable${how}.`,
  remedy:
    'Start it, correct SUPABASE_URL, or unset SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY to use the embedded one.',
});

const badKey: StoreProblem = {
  problem: 'The Supabase project at SUPABASE_URL rejects SUPABASE_SERVICE_ROLE_KEY as its service-role key.',
  remedy:
    'Correct SUPABASE_SERVICE_ROLE_KEY: the key of the role service_role (or a secret key), not of anon.',
};

const notSupabase: StoreProblem = {
  problem: 'The server at SUPABASE_URL is not a Supabase project.',
  remedy: 'Correct SUPABASE_URL: the address without /rest/v1, for instance https://project.supabase.co',
};

const notMigrated: StoreProblem = {
  problem: 'The database of the Supabase project at SUPABASE_URL is not migrated.',
  remedy: 'Set DATABASE_URL (as the owner of that database), so that the migrations are applied at start.',
};
