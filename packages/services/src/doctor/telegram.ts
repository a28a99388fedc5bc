import { z } from 'zod';
import type { DatabaseAnswer } from './facts.ts';
import { fail, off, ok, warn, type Check, type Finding } from './finding.ts';
import { chatFinding } from './telegram-chat.ts';
import { approverFindings } from './telegram-approvers.ts';
import type { TelegramAnswer, TelegramCall } from './telegram-api.ts';

const name = 'telegram';
export const Me = z.object({ id: z.int(), username: z.string() });
const Webhook = z.object({ url: z.string() });
// The bot polls all the time; a lease that has just changed hands is no reason to worry anybody.
const polling = 'telegram updates';

export interface TelegramDeps {
  call: TelegramCall | undefined;
  chatId: string | undefined;
  /** It is set, and cannot be used, which the check of the settings says. */
  chatIdIsWrong?: boolean;
  extraChatIds: readonly string[];
  approverIds: readonly number[];
  /** Whether the plane runs, so that the bot has to be polled. */
  running: boolean;
  facts: () => Promise<DatabaseAnswer>;
  /** The answer to getMe, which tells the time as well. */
  me: () => Promise<TelegramAnswer>;
}

/** Whether the token is good, the chats can be reached, those who may decide are known, and the updates come here. */
export const telegramCheck = (deps: TelegramDeps): Check => ({
  name,
  async look() {
    const { call, chatId, approverIds } = deps;
    if (call === undefined) {
      const half = chatId !== undefined || approverIds.length > 0;
      const how = 'npm run setup sets up the bot';
      return half
        ? warn(name, 'TELEGRAM_BOT_TOKEN is not set, other settings of the bot are', how)
        : off(name, 'TELEGRAM_BOT_TOKEN is not set', how);
    }
    const answer = await deps.me();
    const refused = tokenProblem(answer);
    if (refused !== undefined) return refused;
    const me = Me.parse(answer.is === 'done' ? answer.result : undefined);
    const chats = [...(chatId === undefined ? [] : [chatId]), ...deps.extraChatIds];
    const token = ok(name, `the token is that of @${me.username}`);
    const found = await Promise.all([
      ...chats.map((chat) =>
        chatFinding(call, me.id, chat, chat === chatId ? 'TELEGRAM_CHAT_ID' : 'TELEGRAM_EXTRA_CHAT_IDS'),
      ),
      updates(deps, call),
    ]);
    const noChat =
      chatId === undefined && deps.chatIdIsWrong !== true
        ? [
            fail(
              'telegram chat',
              'TELEGRAM_CHAT_ID is not set: alerts and cards go nowhere',
              'npm run setup takes it from /start',
            ),
          ]
        : [];
    const linked = (await deps.facts().catch(() => undefined))?.facts.telegram_linked ?? 0;
    const approvers = await approverFindings(call, chatId, approverIds, linked);
    return [token, ...found, ...noChat, ...approvers];
  },
});

/** Why the token cannot be used; undefined when it can. */
export function tokenProblem(answer: TelegramAnswer): Finding | undefined {
  if (answer.is === 'unreachable') {
    return fail(
      name,
      `Telegram cannot be reached${answer.how}`,
      'Check the network of this machine, a proxy, and TELEGRAM_API_ROOT',
    );
  }
  if (answer.is === 'done') return undefined;
  if (answer.code === 401 || answer.code === 404) {
    return fail(
      name,
      'Telegram rejects TELEGRAM_BOT_TOKEN',
      'Get the token from @BotFather (/mybots, API Token), and run npm run setup',
    );
  }
  return fail(name, `Telegram refuses getMe (${answer.code})`, 'Look again in a minute');
}

async function updates(deps: TelegramDeps, call: TelegramCall): Promise<Finding> {
  const hook = await call('getWebhookInfo');
  const url = hook.is === 'done' ? Webhook.safeParse(hook.result).data?.url : undefined;
  if (url !== undefined && url !== '') {
    return fail(
      polling,
      'go to a webhook, which another program has set: presses and commands do not come here',
      'Use a bot of its own for the plane, or remove the webhook: npm run setup offers it',
    );
  }
  if (!deps.running) return off(polling, 'are fetched while the plane runs');
  const known = await deps.facts().catch(() => undefined);
  if (known === undefined) return off(polling, 'the database, which knows, does not say');
  const [refusal] = known.facts.telegram_refusals;
  if (refusal !== undefined) {
    return fail(
      polling,
      `Telegram refuses ${refusal.what} (${refusal.reason})`,
      'docs/runbook.md, Telegram, has the remedy',
    );
  }
  if (known.facts.telegram_polling) return ok(polling, 'are fetched by this plane');
  return fail(polling, 'nobody fetches them', 'See approval-bot.log in ACTP_DATA_DIR/logs');
}
