import { redact } from '@actp/redaction/redact';
import type { Draft, SettingName } from './draft.ts';

const parts: ReadonlyArray<readonly [title: string, names: readonly SettingName[]]> = [
  ['Telegram', ['TELEGRAM_BOT_TOKEN', 'TELEGRAM_CHAT_ID', 'TELEGRAM_APPROVER_IDS']],
  ['Coding agent', ['ACD_URL', 'ACD_TOKEN']],
  ['Redis', ['REDIS_URL', 'REDIS_CLUSTER_NODES', 'REDIS_SENTINELS']],
  ['Supabase', ['SUPABASE_URL', 'SUPABASE_SERVICE_ROLE_KEY', 'DATABASE_URL']],
  [
    'Services',
    ['BRAVE_API_KEY', 'GROQ_API_KEY', 'GEMINI_API_KEY', 'RESEND_API_KEY', 'RESEND_FROM', 'COINGECKO_API_KEY'],
  ],
];

// What may be shown as it is; of all others only that they are set.
const open: readonly SettingName[] = [
  'TELEGRAM_CHAT_ID',
  'TELEGRAM_APPROVER_IDS',
  'ACD_URL',
  'SUPABASE_URL',
  'RESEND_FROM',
];

/** What `.env` and the environment set, without a secret. */
export function stateLines(draft: Draft, environment: Record<string, string | undefined>): string[] {
  const width = Math.max(...parts.map(([title]) => title.length));
  return parts.map(([title, names]) => {
    const set = names.flatMap((name) => {
      if ((environment[name] ?? '').trim() !== '') return [`${name} set in the environment`];
      const value = draft.get(name);
      if (value === undefined) return [];
      return [open.includes(name) ? `${name}=${redact(value)}` : `${name} set`];
    });
    return `  ${title.padEnd(width)}  ${set.length === 0 ? 'not set' : set.join(', ')}`;
  });
}
