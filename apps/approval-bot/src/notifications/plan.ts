import type { WaitingMessage } from '@actp/services/notifications/outbox';
import { headingLine, timeOf } from './message-heading.ts';

/** One message to send: the text of the first, and what of the others went into it. */
export interface PlannedMessage {
  message: WaitingMessage;
  body: string;
  with: WaitingMessage[];
  /** Whether a later change of the first one's text may be shown in this message. */
  editable: boolean;
}

// Longer than the queue, the pace and a short limit delay a message: something kept it back.
const heldAfterSeconds = 60;
// So many single messages are no flood.
const singlesAtMost = 5;
// A digest is one message of Telegram's 4,096 characters, with room for what messageText makes visible.
const digestLength = 3_500;
const headingsAtMost = 5;

/**
 * The messages to send for what waits. What was kept back comes as people need it then: of every state that changed
 * meanwhile the newest alone, first and with a line about each before it; the rest in order, and many as few.
 *
 * @param interrupted whether Telegram took none lately, so that everything that waits was kept back
 */
export function planMessages(
  waiting: readonly WaitingMessage[],
  { interrupted, together }: { interrupted: boolean; together: boolean },
): PlannedMessage[] {
  const held = waiting.filter(
    (message) => message.messageId === null && (interrupted || message.waitedSeconds > heldAfterSeconds),
  );
  if (!together || held.length < 2) return waiting.map(single);
  const states = Map.groupBy(held, (message) => stateOf(message));
  const newest = [...states].flatMap(([state, messages]) =>
    state === undefined ? [] : [collapse(messages)],
  );
  // The state that changed last comes first.
  newest.sort((a, b) => b.message.createdAt.localeCompare(a.message.createdAt));
  const others = states.get(undefined) ?? [];
  const rest = new Set(waiting).difference(new Set(held));
  const digested = others.length > singlesAtMost ? digests(others) : others.map(single);
  return [...newest, ...digested, ...[...rest].map(single)];
}

/** What a message tells the state of; undefined when it tells of something that stays true. */
function stateOf({ kind, dedupeKey }: WaitingMessage): string | undefined {
  switch (kind) {
    case 'selftest.problem':
    case 'selftest.recovery':
      return 'selftest';
    case 'kill_switch.set':
    case 'kill_switch.lifted':
      return dedupeKey.replace(/:(?:set|lifted)$/, '');
    case 'policy.refused':
      return 'policy';
    case 'schedule.missed':
      return dedupeKey.replace(/:\d+$/, '');
    default:
      return undefined;
  }
}

const single = (message: WaitingMessage): PlannedMessage => ({
  message,
  body: message.body,
  with: [],
  editable: true,
});

function collapse(messages: readonly WaitingMessage[]): PlannedMessage {
  const message = messages.at(-1);
  if (message === undefined) throw new Error('a state has a message');
  const before = messages.slice(0, -1);
  if (before.length === 0) return single(message);
  const lines = before.slice(-headingsAtMost).map(headingLine);
  const more = before.length - lines.length;
  const body = [
    message.body,
    '',
    'Earlier, while Telegram accepted no messages:',
    ...(more > 0 ? [`${more} more`] : []),
    ...lines,
  ].join('\n');
  return { message, body, with: before, editable: true };
}

function digests(messages: readonly WaitingMessage[]): PlannedMessage[] {
  const plans: PlannedMessage[] = [];
  let chunk: WaitingMessage[] = [];
  let length = 0;
  const close = () => {
    const [first, ...others] = chunk;
    if (first === undefined) return;
    const parts = chunk.map((message) => `${timeOf(message)}\n${message.body}`);
    const body = [`${chunk.length} messages that Telegram did not accept earlier:`, ...parts].join('\n\n');
    plans.push(others.length === 0 ? single(first) : { message: first, body, with: others, editable: false });
    [chunk, length] = [[], 0];
  };
  for (const message of messages) {
    if (length + message.body.length > digestLength) close();
    chunk.push(message);
    length += message.body.length + 30;
  }
  close();
  return plans;
}
