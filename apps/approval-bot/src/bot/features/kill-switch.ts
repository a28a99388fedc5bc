import { Composer, InlineKeyboard, type CommandContext, type Context } from 'grammy';
import { readScope } from '@actp/policy/kill-switch';
import { refusalText } from '../../approvals/press/reply-texts.ts';
import { PlaneHeldError, UnavailableError } from '@actp/shared/errors';
import { switchLine } from '../../kill-switch/reply-texts.ts';
import { writeSwitchButton } from '../../kill-switch/button.ts';
import type { KillSwitchCommandStore } from '@actp/services/kill-switch/command-store';
import { scopeHelp, unclearStopText } from '../../kill-switch/stop-texts.ts';
import { coversKnown, suggestScopes } from '../../kill-switch/scope-suggestions.ts';
import { readStopCommand, wordInsteadOfScope } from '../../kill-switch/stop-command.ts';
import { messageText } from '../../telegram/message-text.ts';
import { replyText } from '../../telegram/reply.ts';

// As many as a person reads, and Telegram shows, as buttons.
const buttonsAtMost = 8;
const away =
  'The database is unavailable, so nothing could be changed. Until it is back, nothing is allowed or released anyway.';

export interface KillSwitchDeps {
  commands: KillSwitchCommandStore;
  /** Names and globs of the actions that the policy knows. */
  knownActions: () => string[];
  /** IANA name. */
  timeZone: string;
}

/** `/stop [scope] [reason]` and `/resume [scope]`: each shows what it would do, with a button that does it. */
export function killSwitchFeature(deps: KillSwitchDeps): Composer<Context> {
  const feature = new Composer();
  feature.command('stop', (ctx) => orAway(ctx, () => stop(ctx, deps)));
  feature.command('resume', (ctx) => orAway(ctx, () => resume(ctx, deps)));
  return feature;
}

async function stop(ctx: CommandContext<Context>, deps: KillSwitchDeps): Promise<void> {
  const { commands } = deps;
  const asked = readStopCommand(ctx.match);
  if (!asked.ok) return replyText(ctx, `⚠️ Nothing is stopped: the scope ${asked.problem}.\n\n${scopeHelp}`);
  const { scope, reason } = asked;
  const word = wordInsteadOfScope(ctx.match);
  if (word !== undefined) return askWhatIsMeant(ctx, deps, { word, reason: reason ?? word });
  const id = await commands.prepare({ kind: 'stop', scope, reason, ...giver(ctx) });
  const doubt = await doubtOf(deps, scope);
  const text = [
    ...(doubt === undefined ? [] : [`⚠️ ${doubt}`]),
    `Stop ${scope === 'all' ? 'everything' : scope}?`,
    `Reason: ${reason ?? 'none given'}`,
    'Everything in this scope is denied within a second. Pending approvals are frozen, and their time keeps running.',
    'Nothing is stopped until you press the button. It works for two minutes, and only for you.',
  ].join('\n');
  await ask(ctx, text, [
    [`🛑 Stop ${scope}`, id, true],
    ['Cancel', id, false],
  ]);
}

/** What speaks against a scope: it covers nothing that is known, and would look like a stop and be none. */
async function doubtOf(
  { commands, knownActions }: KillSwitchDeps,
  scope: string,
): Promise<string | undefined> {
  if (scope.startsWith('agent:')) {
    const id = scope.slice('agent:'.length);
    // The executor of tasks is a part of the plane.
    if (id === 'executor' || (await commands.isKnownAgent(id))) return undefined;
    return `No agent “${id}” is known: this may stop nothing.`;
  }
  if (!scope.startsWith('action:') || coversKnown(scope, knownActions())) return undefined;
  const meant = suggestScopes(scope.slice('action:'.length).replace(/\W.*$/, ''), knownActions());
  const also = meant.length > 0 ? ` Did you mean ${meant.join(' or ')}?` : '';
  return `The policy names no such action: this may stop nothing.${also}`;
}

/**
 * A word that is no scope may be the reason or what somebody wants to stop. Stopping everything is the first button: whoever is in a hurry
 * and takes it has stopped what they meant in either case.
 */
async function askWhatIsMeant(
  ctx: CommandContext<Context>,
  { commands, knownActions }: KillSwitchDeps,
  { word, reason }: { word: string; reason: string },
): Promise<void> {
  const buttons: Button[] = [];
  const agent = readScope(`agent:${word}`);
  const agents = agent.ok && (await commands.isKnownAgent(word)) ? [agent.scope] : [];
  for (const scope of ['all', ...agents, ...suggestScopes(word, knownActions())]) {
    const id = await commands.prepare({ kind: 'stop', scope, reason, ...giver(ctx) });
    buttons.push([scope === 'all' ? '🛑 Stop everything' : `🛑 Stop only ${scope}`, id, true]);
  }
  const [[, anyId] = ['', '']] = buttons;
  await ask(ctx, unclearStopText(word, reason), [...buttons, ['Cancel', anyId, false]]);
}

async function resume(ctx: CommandContext<Context>, { commands, timeZone }: KillSwitchDeps): Promise<void> {
  const wanted = ctx.match.trim();
  const scope = wanted === '' ? undefined : readScope(wanted);
  if (scope?.ok === false)
    return replyText(ctx, `The scope ${scope.problem}. Nothing has changed.\n\n${scopeHelp}`);
  const all = await commands.active();
  const shown = all.filter((active) => scope === undefined || active.scope === scope.scope);
  if (shown.length === 0) {
    return replyText(ctx, all.length === 0 ? 'Nothing is stopped.' : 'That scope is not stopped.');
  }
  const buttons: Button[] = [];
  for (const active of shown.slice(0, buttonsAtMost)) {
    const command = { kind: 'lift', scope: active.scope, switchId: active.id } as const;
    buttons.push([`▶️ Lift ${active.scope}`, await commands.prepare({ ...command, ...giver(ctx) }), true]);
  }
  const more = shown.length - buttons.length;
  const text = [
    ...shown.slice(0, buttonsAtMost).map((active) => switchLine(active, timeZone)),
    ...(more > 0 ? [`and ${more} more: /resume <scope>`] : []),
    'Each button lifts one switch. The buttons work for two minutes, and only for you.',
  ].join('\n');
  await ask(ctx, text, buttons);
}

type Button = [label: string, id: string, confirmed: boolean];

// Telegram shows some 60 characters of a label.
const maxLabel = 60;

async function ask(ctx: Context, text: string, buttons: readonly Button[]): Promise<void> {
  const keyboard = new InlineKeyboard();
  for (const [label, id, confirmed] of buttons) {
    keyboard.text(label.slice(0, maxLabel).toWellFormed(), writeSwitchButton({ id, confirmed })).row();
  }
  await ctx.reply(messageText(text), {
    reply_markup: keyboard,
    link_preview_options: { is_disabled: true },
  });
}

// Only people on the list get here (see filters/may-command.ts), so there is a sender.
const giver = (ctx: CommandContext<Context>) => ({
  actor: `telegram:${ctx.msg.from?.id ?? 'unknown'}`,
  chatId: String(ctx.chat.id),
});

async function orAway(ctx: Context, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    await replyText(ctx, error instanceof PlaneHeldError ? refusalText.held : away);
  }
}
