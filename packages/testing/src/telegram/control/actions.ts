import { z } from 'zod';
import type { Params } from '../api/params.ts';
import { migrate } from '../people/migrate.ts';
import { listMessages, waitForMessage, waitUntilQuiet } from '../people/observe.ts';
import { forgePress, press } from '../people/press.ts';
import { talk } from '../people/talk.ts';
import { Fault } from '../state/faults.ts';
import { sendRefusals } from '../state/send-refusals.ts';
import { telegramLimits } from '../state/flood-limits.ts';
import type { World } from '../world.ts';

/** What one control call does with its parameters (JSON body or query) and what it answers. */
export type Action = (world: World, ended: AbortSignal, input: Params) => unknown;

// Numbers may also come as text, from a query.
const id = z.coerce.number().int();
const ms = z.coerce.number().int().min(0).max(600_000);

const Say = z.strictObject({
  chat_id: id,
  text: z.string().min(1),
  from: z.union([z.literal('anonymous'), id]).optional(),
  reply_to: id.optional(),
});
const PressButton = z.strictObject({
  chat_id: id,
  message_id: id,
  button: z.union([z.number(), z.string()]),
  from: id.optional(),
  within: ms.optional(),
});
const Forge = z.strictObject({
  from: id,
  data: z.string(),
  chat_id: id.optional(),
  message_id: id.optional(),
  within: ms.optional(),
});
const Filter = z.strictObject({
  chat_id: id.optional(),
  message_id: id.optional(),
  text: z.string().optional(),
  outgoing: z.stringbool().or(z.boolean()).optional(),
});
const Wait = Filter.extend({ within: ms.optional() });
const NewChat = z.strictObject({
  id,
  title: z.string().optional(),
  type: z.enum(['group', 'supergroup']).optional(),
  administrators: z.array(id).optional(),
});

const actions: Readonly<Record<string, Action>> = {
  say: (world, _, input) => talk(world, defined(Say.parse(input))),
  press: (world, ended, input) => press(world, ended, defined(PressButton.parse(input))),
  forge: (world, ended, input) => forgePress(world, ended, defined(Forge.parse(input))),
  redeliver: (world, _, input) =>
    world.updates.redeliver(z.strictObject({ update_id: id }).parse(input).update_id),
  hold: (world) => world.updates.hold(true),
  release: (world) => world.updates.hold(false),
  updates: (world) => world.updates.pending(),
  messages: (world, _, input) => listMessages(world, defined(Filter.parse(input))),
  wait(world, ended, input) {
    const { within, ...filter } = Wait.parse(input);
    return waitForMessage(world, ended, defined(filter), within);
  },
  quiet: (world, ended, input) =>
    waitUntilQuiet(
      world,
      ended,
      defined(z.strictObject({ quietMs: ms.optional(), within: ms.optional() }).parse(input)),
    ),
  chat: (world, _, input) => world.chats.add(defined(NewChat.parse(input))).chat,
  reach(world, _, input) {
    const Reach = z.strictObject({ chat_id: id, is: z.enum(['open', 'blocked', 'kicked']) });
    const { chat_id, is } = Reach.parse(input);
    world.chats.setReachability(chat_id, is);
  },
  sending(world, _, input) {
    const Sending = z.strictObject({ chat_id: id, is: z.enum(['open', ...sendRefusals]) });
    const { chat_id, is } = Sending.parse(input);
    world.chats.setSending(chat_id, is);
  },
  migrate(world, _, input) {
    const { chat_id, to } = z.strictObject({ chat_id: id, to: id }).parse(input);
    migrate(world, chat_id, to);
  },
  fault: (world, _, input) => world.faults.add(Fault.parse(input)),
  faults: (world) => world.faults.list(),
  clear: (world) => world.faults.clear(),
  flood(world, _, input) {
    const { limits } = z.strictObject({ limits: z.enum(['telegram', 'off']) }).parse(input);
    world.floodGuard.set(limits === 'off' ? undefined : telegramLimits);
  },
  calls: (world) => world.calls.list(),
};

export const actionNames: readonly string[] = Object.keys(actions);

export function actionFor(name: string): Action | undefined {
  return Object.hasOwn(actions, name) ? actions[name] : undefined;
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

// zod writes an absent optional key as possibly undefined; the callees tell absent from undefined.
function defined<T extends object>(value: T): Defined<T> {
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  // Only undefined values were taken out, so every key that is left has its own type.
  return Object.fromEntries(entries) as Defined<T>;
}
