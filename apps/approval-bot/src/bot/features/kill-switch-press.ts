import { Composer, type Context } from 'grammy';
import type { Producer } from '@actp/shared/jobs/producer';
import { hintNotification } from '@actp/services/notifications/hint';
import { PlaneHeldError } from '@actp/shared/errors';
import { refusalText } from '../../approvals/press/reply-texts.ts';
import type { Logger } from '@actp/shared/log';
import { pressOf } from '../../approvals/press/press.ts';
import { authorizePress } from '../../approvals/press/authorize-press.ts';
import { switchReplyText } from '../../kill-switch/reply-texts.ts';
import { readSwitchButton, type SwitchButton } from '../../kill-switch/button.ts';
import type {
  KillSwitchPressOutcome,
  KillSwitchCommandStore,
} from '@actp/services/kill-switch/command-store';
import { messageText } from '../../telegram/message-text.ts';
import type { Access } from '../access.ts';

export interface SwitchPressDeps {
  commands: KillSwitchCommandStore;
  access: Access;
  producer: Pick<Producer, 'add'>;
  /** Whether an update had waited for nobody knows how long. */
  isLate: (updateId: number) => boolean;
  log: Logger;
}

const unavailable = 'The database is unavailable. As far as is known, nothing has changed. Press again.';

/**
 * The buttons below `/stop` and `/resume`. Who and whether it is a late press is judged here, all else in the transaction
 * that sets or lifts, which takes each update and each button once.
 */
export function killSwitchPressFeature(deps: SwitchPressDeps): Composer<Context> {
  const feature = new Composer();
  feature.on('callback_query:data', async (ctx, next) => {
    const button = readSwitchButton(ctx.callbackQuery.data);
    if (!button) return next();
    const answer = await press(deps, ctx, button);
    const text = typeof answer === 'string' ? answer : switchReplyText(answer);
    const alert = typeof answer === 'string' || answer.result === 'refused';
    try {
      await ctx.answerCallbackQuery({ text, show_alert: alert });
      if (typeof answer !== 'string' && ended.has(answer.result))
        await ctx.editMessageText(messageText(text), { link_preview_options: { is_disabled: true } });
    } catch (error) {
      deps.log.warn({ user_id: ctx.from.id, err: error }, 'replying to a kill switch press failed');
    }
  });
  return feature;
}

// After these the buttons are of no use any more.
const ended: ReadonlySet<KillSwitchPressOutcome['result']> = new Set([
  'set',
  'known',
  'lifted',
  'not_found',
  'dismissed',
]);

/** What came of it, or why nothing did, for the pressing user. */
async function press(
  { commands, access, producer, isLate, log }: SwitchPressDeps,
  ctx: Context & { callbackQuery: NonNullable<Context['callbackQuery']> },
  { id, confirmed }: SwitchButton,
): Promise<KillSwitchPressOutcome | string> {
  const updateId = ctx.update.update_id;
  const pressed = pressOf(updateId, ctx.callbackQuery, isLate(updateId));
  const chatId = pressed.message?.chatId;
  // In which chat the command was given is for the transaction to compare.
  const anywhere = new Set(chatId === undefined ? [] : [chatId]);
  const denied = authorizePress(pressed, { approverIds: access.approverIds, chatIds: anywhere });
  try {
    const answer = await commands.press({
      id,
      confirmed,
      actor: `telegram:${pressed.userId}`,
      chatId,
      updateId,
      refusal: denied ?? (pressed.late ? 'late' : undefined),
    });
    const { notification_id } = answer;
    if (notification_id !== undefined) {
      void hintNotification({ producer, log }, notification_id);
    }
    return answer;
  } catch (error) {
    log.error({ user_id: pressed.userId, err: error }, 'recording a kill switch press failed');
    return error instanceof PlaneHeldError ? refusalText.held : unavailable;
  }
}
