import { createHash, randomUUID } from 'node:crypto';
import { createDb } from '@actp/db/client';
import { eventually } from '@actp/testing/eventually';
import { alertChat, approver, type Bench } from '../approval-bot.fixture.ts';

export const elsewhere = -5;
const stranger = 666;
const anonymous = 1087968824;
export const bot = 7;

/** Who is on the list: a person, a bot, and what Telegram shows in place of anonymous administrators. */
export const listed = [approver, bot, anonymous];

/** Where and as whom somebody writes. */
export const writers: ReadonlyMap<string, { chat_id: number; from: number | 'anonymous' }> = new Map([
  ['approver, private', { chat_id: approver, from: approver }],
  ['approver, group', { chat_id: alertChat, from: approver }],
  ['approver, elsewhere', { chat_id: elsewhere, from: approver }],
  ['stranger, private', { chat_id: stranger, from: stranger }],
  ['stranger, group', { chat_id: alertChat, from: stranger + 1 }],
  ['bot', { chat_id: alertChat, from: bot }],
  ['anonymous', { chat_id: alertChat, from: 'anonymous' as const }],
]);

/** A self-test that failed, and an agent that is stopped: something to heal, and to resume. */
export async function prepareSomethingToDo({ stores }: Bench): Promise<void> {
  await createDb(stores.env, 'runner', 20_000).call((client) =>
    client.rpc('record_snapshot', {
      p_snapshot: {
        run_id: randomUUID(),
        trigger: 'nightly',
        status: 'failed',
        tests_total: 1,
        tests_passed: 0,
        tests_failed: 1,
        services_up: 0,
        services_total: 0,
        services: [],
      },
      p_alert: {},
    }),
  );
  await stores.sql.query(
    `insert into actp_kill_switches (scope, reason, set_by) values ('agent:stopped', 'a test', 'operator:op@example.com')`,
  );
}

/** What follows the commands that need something to say what they are about. */
const textOf: Record<string, (bench: Bench) => Promise<string>> = {
  '/stop': () => Promise.resolve('/stop agent:somebody a test'),
  '/link': async ({ stores }) => {
    const code = randomUUID().slice(0, 8).toUpperCase();
    await stores.sql.query(
      `insert into actp_telegram_codes (code_hash, user_id, expires_at)
       select $1, id, now() + interval '10 minutes' from actp_users where email = 'op@example.com'`,
      [createHash('sha256').update(code).digest()],
    );
    return `/link ${code}`;
  },
};

/** What commands can change: jobs, buttons that do something, links. */
async function changes({ stores, producer }: Bench): Promise<number> {
  const jobs = async (queue: 'selftest' | 'heal' | 'inspect') =>
    producer.use(queue, async (q) => (await q.getJobs()).length);
  const { rows } = await stores.sql.query<{ n: number }>(
    `select ((select count(*) from actp_kill_switch_commands) + (select count(*) from actp_kill_switches)
       + (select count(*) from actp_telegram_links))::int as n`,
  );
  return (await jobs('selftest')) + (await jobs('heal')) + (await jobs('inspect')) + (rows[0]?.n ?? 0);
}

/** Writes it; gives what came of it as a cell of the table says it. */
export async function write(
  bench: Bench,
  command: string,
  who: { chat_id: number; from: number | 'anonymous' },
): Promise<string> {
  const text = (await textOf[command]?.(bench)) ?? command;
  const before = await changes(bench);
  const { update_id, message } = bench.telegram.say({ ...who, text });
  // The event is written when everything else has been done.
  const status = await eventually(async () => {
    const { rows } = await bench.stores.sql.query<{ status: string }>(
      `select status from actp_agent_audit_log 
       where action_type = 'telegram.command' and request_id = $1 and agent_id = $2`,
      [`telegram-${update_id}`, `telegram:${message?.from?.id}`],
    );
    return rows[0]?.status ?? false;
  });
  const said = bench.telegram
    .messages({ chat_id: who.chat_id, outgoing: true })
    .map(({ versions }) => versions[0])
    .filter(({ reply_to_message }) => reply_to_message?.message_id === message?.message_id)
    .map((answer) => answer.text ?? '');
  return `${wordFor(said, (await changes(bench)) !== before)}, ${status}`;
}

function wordFor(said: readonly string[], changed: boolean): string {
  if (changed) return 'acts';
  // Who was refused is not told so again within the hour.
  return said.every((text) => text.startsWith('You are not authorized')) ? 'refuses' : 'answers';
}
