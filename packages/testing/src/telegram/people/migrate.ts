import { latest } from '../state/messages.ts';
import type { World } from '../world.ts';

/**
 * A group becomes a supergroup: both chats get the service message that says so, messages sent before stay in the old
 * chat, and the Bot API refuses every call for the old id, naming the new one.
 */
export function migrate(world: World, from: number, to: number): void {
  const { before, after } = world.chats.migrate(from, to);
  const people = { from: world.chats.user(1) };
  const gone = latest(world.messages.add(before, { ...people, migrate_to_chat_id: to }, false));
  world.updates.add({ message: { ...gone, ...people, chat: before.chat, migrate_to_chat_id: to } });
  const come = latest(world.messages.add(after, { ...people, migrate_from_chat_id: from }, false));
  world.updates.add({ message: { ...come, ...people, chat: after.chat, migrate_from_chat_id: from } });
}
