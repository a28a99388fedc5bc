import { Composer, type CommandContext, type Context } from 'grammy';
import { eventIdOf } from '@actp/db/audit/event-id';
import { writeAuditEvents } from '@actp/db/audit/write-events';
import type { Db } from '@actp/db/client';
import { redactEvent } from '@actp/shared/audit/redact-event';
import type { Logger } from '@actp/shared/log';
import { commandNames } from '../commands.ts';

/**
 * Every command leaves an event, `telegram.command`: of approvers, and of everybody else as denied. An update that comes
 * twice is one event. Pressed buttons are recorded where they are judged, in the database.
 */
export function commandAuditFeature(deps: {
  db: Db;
  log: Logger;
  may: (ctx: Context) => Promise<boolean>;
}): Composer<Context> {
  const { db, log, may } = deps;
  const feature = new Composer();
  feature.command(['start', ...commandNames], async (ctx, next) => {
    const startedAt = new Date().toISOString();
    try {
      await next();
    } finally {
      // Also when the answer was refused: what the command did is done.
      await record(ctx, startedAt);
    }
  });

  async function record(ctx: CommandContext<Context>, startedAt: string): Promise<void> {
    const userId = ctx.msg.from?.id;
    const row = redactEvent({
      event_id: eventIdOf(
        [ctx.me.id, ctx.update.update_id, ctx.chat.id, ctx.msg.message_id, userId].join('\n'),
      ),
      agent_id: userId === undefined ? 'telegram:unknown' : `telegram:${userId}`,
      action_type: 'telegram.command',
      status: (await may(ctx)) ? 'ok' : 'denied',
      result: { command: ctx.msg.text?.split(/\s/, 1)[0]?.slice(0, 64), chat_id: ctx.chat.id },
      started_at: startedAt,
      completed_at: new Date().toISOString(),
      user_agent: 'Telegram',
      request_id: `telegram-${ctx.update.update_id}`,
      source: 'plane',
    });
    await writeAuditEvents(db, [row]).catch((error: unknown) => {
      log.warn({ update_id: ctx.update.update_id, err: error }, 'recording a command failed');
    });
  }

  return feature;
}
