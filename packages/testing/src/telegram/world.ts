import type { User, UserFromGetMe } from 'grammy/types';
import { createBotCommands } from './state/bot-commands.ts';
import { createCallLog } from './state/call-log.ts';
import { createCallbackQueries } from './state/callback-queries.ts';
import { createChats } from './state/chats.ts';
import { createFaults } from './state/faults.ts';
import { createFloodGuard } from './state/flood-limits.ts';
import { createMessages } from './state/messages.ts';
import { createSignal } from './state/signal.ts';
import { createUpdateQueue } from './state/update-queue.ts';
import { createPoller } from './poller.ts';
import { createWebhook } from './webhook.ts';

export interface WorldOptions {
  token: string;
  botUsername: string;
  clock: () => number;
  answerWithinMs: number;
}

export type World = ReturnType<typeof createWorld>;

// Telegram starts somewhere; a number that is no index shows code that takes it for one.
const firstUpdateId = 310_000_000;

/** Everything that this Telegram knows. Each part stands alone; `changed` wakes whoever waits. */
export function createWorld({ token, botUsername, clock, answerWithinMs }: WorldOptions) {
  const changed = createSignal();
  const updates = createUpdateQueue({ clock, changed, firstId: firstUpdateId });
  const webhook = createWebhook({ clock, changed, updates });
  return {
    token,
    clock,
    changed,
    me: botUser(token, botUsername),
    /** The bot as the author of its messages. */
    author: author(token, botUsername),
    chats: createChats(),
    messages: createMessages({ clock, changed }),
    callbackQueries: createCallbackQueries({ clock, changed, answerWithinMs }),
    commands: createBotCommands(),
    calls: createCallLog({ clock, changed }),
    faults: createFaults(),
    floodGuard: createFloodGuard({ clock }),
    updates,
    webhook,
    poller: createPoller({ changed, updates, webhook }),
  };
}

// The number before the colon of a token is the bot's user id.
function author(token: string, username: string): User & { is_bot: true; username: string } {
  return { id: Number(token.split(':', 1)[0]), is_bot: true, first_name: username, username };
}

function botUser(token: string, username: string): UserFromGetMe {
  return {
    ...author(token, username),
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: false,
    allows_users_to_create_topics: false,
    can_manage_bots: false,
    supports_join_request_queries: false,
  };
}
