import { Composer, type Context } from 'grammy';
import { PlaneHeldError, UnavailableError } from '@actp/shared/errors';
import type { Logger } from '@actp/shared/log';
import { policyPart } from '../../approvals/follow-policy.ts';
import { keyboard } from '../../approvals/buttons/keyboard.ts';
import type { ButtonMac } from '../../approvals/buttons/button-mac.ts';
import type { ChangeSignal } from '../../approvals/change-signal.ts';
import { refusalText } from '../../approvals/press/reply-texts.ts';
import { pressOf, type Press } from '../../approvals/press/press.ts';
import { refuse, type PressResult } from '../../approvals/press/press-result.ts';

export interface PressDeps {
  handlePress: (press: Press) => Promise<PressResult>;
  mac: ButtonMac;
  /** Whether an update had waited for nobody knows how long. */
  isLate: (updateId: number) => boolean;
  signal: Pick<ChangeSignal, 'changed'>;
  log: Logger;
}

/**
 * Pressed buttons. The decision is in the database before anything else happens; that the person could not be told, or the
 * card not be changed, changes nothing about it.
 */
export function pressFeature(deps: PressDeps): Composer<Context> {
  const feature = new Composer();
  feature.on('callback_query', async (ctx) => {
    const { update_id } = ctx.update;
    const press = pressOf(update_id, ctx.callbackQuery, deps.isLate(update_id));
    const result = await handleOrDrop(deps, ctx, press);
    if (result.changed !== undefined) deps.signal.changed(result.changed);
    const facts = { user_id: press.userId, chat_id: press.message?.chatId };
    try {
      await ctx.answerCallbackQuery({ text: result.text, show_alert: result.alert });
    } catch (error) {
      deps.log.warn({ ...facts, err: error }, 'replying to a press failed');
    }
    try {
      await followUp(ctx, deps, result, press);
    } catch (error) {
      deps.log.warn({ ...facts, err: error }, 'updating a pressed card failed');
    }
  });
  return feature;
}

/**
 * A press that cannot be recorded is dropped for good before the person hears that nothing was decided: were it fetched
 * again later, it would be a decision at a time at which nobody decided.
 */
async function handleOrDrop(
  { handlePress, log }: PressDeps,
  ctx: Context,
  press: Press,
): Promise<PressResult> {
  try {
    return await handlePress(press);
  } catch (error) {
    log.error({ user_id: press.userId, err: error }, 'recording a press failed');
    await ctx.api
      .getUpdates({ offset: press.updateId + 1, limit: 1, timeout: 0 })
      .catch((failure: unknown) => log.warn({ err: failure }, 'dropping a press failed'));
    return refuse(
      error instanceof PlaneHeldError
        ? refusalText.held
        : error instanceof UnavailableError && error.part === policyPart
          ? refusalText.no_policy
          : refusalText.unavailable,
    );
  }
}

async function followUp(
  ctx: Context,
  { mac }: PressDeps,
  result: PressResult,
  { message }: Press,
): Promise<void> {
  const { buttons, newerMessageId } = result;
  if (buttons) {
    const { kind, id, chatId, actionDigest } = buttons;
    await ctx.editMessageReplyMarkup({ reply_markup: keyboard(kind, id, { chatId, actionDigest }, mac) });
  }
  if (newerMessageId !== undefined && message) {
    await ctx.editMessageText('This is an older copy of the card. Decide on the newer one.');
    await ctx.api.sendMessage(Number(message.chatId), '☝️ This is the card to decide on.', {
      reply_parameters: { message_id: newerMessageId, allow_sending_without_reply: false },
    });
  }
}
