import { asOwner } from '@actp/db/as-owner';
import { checkRedis } from '@actp/services/stores/check-redis';
import { checkSupabase } from '@actp/services/stores/check-supabase';
import type { StoreCheck } from '@actp/services/stores/store-problem';
import { messageOf } from '@actp/shared/errors';
import { askSetting } from './ask-setting.ts';
import type { Conversation } from './conversation.ts';
import type { Draft, SettingName } from './draft.ts';

/** Redis and Supabase that run elsewhere, tried with the checks of the start. */
export async function setUpStores(talk: Conversation, draft: Draft): Promise<void> {
  talk.say('Stores: Redis and Postgres come with the plane. Those of your own can be used instead.');
  await setUpRedis(talk, draft);
  await setUpSupabase(talk, draft);
}

async function setUpRedis(talk: Conversation, draft: Draft): Promise<void> {
  const known = draft.get('REDIS_URL') !== undefined;
  if (!(await talk.confirm(known ? 'Change your own Redis?' : 'Use a Redis of your own?', false))) return;
  await changeOrUndo(talk, draft, ['REDIS_URL'], async () => {
    await askSetting(talk, draft, {
      name: 'REDIS_URL',
      question: 'Its address, redis://user:password@host:port, rediss:// with TLS; - for the embedded one',
      secret: true,
    });
    const REDIS_URL = draft.get('REDIS_URL');
    if (REDIS_URL === undefined) return undefined;
    const say = (text: string) => talk.say(`  ${text}`);
    const signal = AbortSignal.timeout(30_000);
    return checkRedis({ REDIS_URL, REDIS_CLUSTER_NODES: [] }, { say, signal });
  });
}

async function setUpSupabase(talk: Conversation, draft: Draft): Promise<void> {
  const known = draft.get('SUPABASE_URL') !== undefined;
  if (
    !(await talk.confirm(known ? 'Change your own Supabase?' : 'Use a Supabase project of your own?', false))
  )
    return;
  const names = ['SUPABASE_URL', 'SUPABASE_SERVICE_ROLE_KEY', 'DATABASE_URL'] as const;
  await changeOrUndo(talk, draft, names, async () => {
    await askSetting(talk, draft, {
      name: 'SUPABASE_URL',
      question: 'Its address, without /rest/v1; - for the embedded one',
    });
    const SUPABASE_URL = draft.get('SUPABASE_URL')?.replace(/\/+$/, '');
    if (SUPABASE_URL === undefined) {
      for (const name of names) draft.set(name, null);
      return undefined;
    }
    await askSetting(talk, draft, {
      name: 'SUPABASE_SERVICE_ROLE_KEY',
      question: 'Its service-role key (or a secret key)',
      secret: true,
    });
    await askSetting(talk, draft, {
      name: 'DATABASE_URL',
      question: 'DATABASE_URL of the owner, for migrations',
      secret: true,
    });
    return checkProject(SUPABASE_URL, draft.get('SUPABASE_SERVICE_ROLE_KEY'), draft.get('DATABASE_URL'));
  });
}

async function checkProject(
  SUPABASE_URL: string,
  key: string | undefined,
  DATABASE_URL: string | undefined,
): Promise<StoreCheck> {
  if (key === undefined) {
    const problem = 'SUPABASE_SERVICE_ROLE_KEY is missing; both are needed.';
    return { problem: { problem, remedy: 'Copy it from the API settings of the project.' } };
  }
  const problem = await checkSupabase({ SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY: key, DATABASE_URL });
  if (problem !== undefined || DATABASE_URL === undefined) return problem === undefined ? {} : { problem };
  try {
    await asOwner(DATABASE_URL, async (client) => void (await client.query('select 1')));
    return {};
  } catch (error) {
    const [what = '', remedy = ''] = messageOf(error).split('\n');
    return { problem: { problem: what, remedy } };
  }
}

/** Undoes what was answered when it does not work, unless the person wants to keep it. @param change undefined: nothing to try */
async function changeOrUndo(
  talk: Conversation,
  draft: Draft,
  names: readonly SettingName[],
  change: () => Promise<StoreCheck | undefined>,
): Promise<void> {
  const before = names.map((name) => [name, draft.get(name) ?? null] as const);
  const found = await change();
  if (found === undefined) return;
  if (found.problem === undefined) {
    talk.say(`  It can be used.${found.warning === undefined ? '' : ` ${found.warning}`}`);
    return;
  }
  talk.say(`  ${found.problem.problem} ${found.problem.remedy}`);
  if (await talk.confirm('Keep it all the same?', false)) return;
  for (const [name, value] of before) draft.set(name, value);
}
