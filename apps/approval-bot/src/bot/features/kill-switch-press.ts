import { Composer, type Context } from 'grammy';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Logger } from '@actp/shared/log';
import { pressOf } from '../../approvals/press/press.ts';
import { refusalOfPresser } from '../../approvals/press/who-presses.ts';
import { switchAnswerText } from '../../kill-switch/answers.ts';
import { readSwitchButton, type SwitchButton } from '../../kill-switch/button.ts';
import type { SwitchAnswer, SwitchRegister } from '../../kill-switch/register.ts';
import { messageText } from '../../telegram/message-text.ts';
import type { Access } from '../access.ts';

export interface SwitchPressDeps {
  switches: SwitchRegister;
  access: Access;
  producer: Pick<Producer, 'add'>;
  /** Whether an update had waited for nobody knows how long. */
  isLate: (updateId: number) => boolean;
  log: Logger;
}

const unavailable = 'The database is unavailable. Nothing has changed, as far as is known. Press again.';

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
    const text = answer === undefined ? unavailable : switchAnswerText(answer);
    const alert = answer === undefined || answer.result === 'refused';
    try {
      await ctx.answerCallbackQuery({ text, show_alert: alert });
      if (answer && ended.has(answer.result)) await ctx.editMessageText(messageText(text));
    } catch (error) {
      deps.log.warn({ user_id: ctx.from.id, err: error }, 'a press of the kill switch could not be answered');
    }
  });
  return feature;
}

// After these the buttons are of no use any more.
const ended: ReadonlySet<SwitchAnswer['result']> = new Set([
  'set',
  'known',
  'lifted',
  'not_found',
  'dismissed',
]);

async function press(
  { switches, access, producer, isLate, log }: SwitchPressDeps,
  ctx: Context & { callbackQuery: NonNullable<Context['callbackQuery']> },
  { id, confirmed }: SwitchButton,
): Promise<SwitchAnswer | undefined> {
  const updateId = ctx.update.update_id;
  const pressed = pressOf(updateId, ctx.callbackQuery, isLate(updateId));
  const chatId = pressed.message?.chatId;
  // In which chat the command was given is for the transaction to compare.
  const anywhere = new Set(chatId === undefined ? [] : [chatId]);
  const presser = refusalOfPresser(pressed, { approverIds: access.approverIds, chatIds: anywhere });
  try {
    const answer = await switches.press({
      id,
      confirmed,
      actor: `telegram:${pressed.userId}`,
      chatId,
      updateId,
      refusal: presser ?? (pressed.late ? 'late' : undefined),
    });
    const { notification_id } = answer;
    if (notification_id !== undefined) {
      // The row is what counts: the reconciler finds it, too.
      producer
        .add('send-notification', { notification_id }, { jobId: `notification-${notification_id}` })
        .catch((error: unknown) => log.debug({ err: error }, 'the message is sent a little later'));
    }
    return answer;
  } catch (error) {
    log.error({ user_id: pressed.userId, err: error }, 'a press of the kill switch could not be recorded');
    return undefined;
  }
}
