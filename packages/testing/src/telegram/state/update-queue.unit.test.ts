import { beforeEach, describe, expect, it } from 'vitest';
import { createSignal } from './signal.ts';
import { createUpdateQueue, type UpdateContent, type UpdateQueue } from './update-queue.ts';

const from = { id: 42, is_bot: false, first_name: 'Ann' };
const chat = { id: 42, type: 'private', first_name: 'Ann' } as const;
const update: UpdateContent = { message: { message_id: 1, date: 1, chat, from, text: 'hi' } };
const day = 24 * 60 * 60 * 1000;
let now = 0;
let queue: UpdateQueue;

function ids(offset = 0, limit = 100): number[] {
  return queue.take(offset, limit).map(({ update_id }) => update_id);
}

describe('waiting updates', () => {
  beforeEach(() => {
    now = 1_000_000;
    queue = createUpdateQueue({ clock: () => now, changed: createSignal(), firstId: 10 });
    for (let n = 0; n < 5; n += 1) queue.add(update);
  });

  it('come again until a later call has a higher offset', () => {
    expect(ids()).toEqual([10, 11, 12, 13, 14]);
    expect(ids()).toEqual([10, 11, 12, 13, 14]);
    expect(ids(12)).toEqual([12, 13, 14]);
    expect(ids()).toEqual([12, 13, 14]);
    expect(ids(15)).toEqual([]);
    expect(ids()).toEqual([]);
  });

  it('are counted from the end by a negative offset, which forgets the earlier ones', () => {
    expect(ids(-2)).toEqual([13, 14]);
    expect(ids()).toEqual([13, 14]);
  });

  it('are not confirmed by an offset that lies in the future', () => {
    expect(ids(1000)).toEqual([10, 11, 12, 13, 14]);
  });

  it('come in portions', () => {
    expect(ids(0, 2)).toEqual([10, 11]);
    expect(ids(12, 2)).toEqual([12, 13]);
  });

  it('are kept for 24 hours', () => {
    now += day - 1;
    queue.add(update);
    expect(ids()).toHaveLength(6);
    now += 1;
    expect(ids()).toEqual([15]);
  });

  it('are delivered again on request, also after they were confirmed', () => {
    ids(15);
    queue.redeliver(11);
    expect(ids(15)).toEqual([11]);
    expect(ids(15)).toEqual([]);
    expect(() => queue.redeliver(99)).toThrow('There is no update 99');
  });

  it('are kept back while held', () => {
    queue.hold(true);
    expect(ids()).toEqual([]);
    queue.hold(false);
    expect(ids()).toHaveLength(5);
  });

  it('are only of the kinds that the bot asked for', () => {
    queue.setAllowed(['callback_query']);
    queue.add(update);
    expect(ids()).toHaveLength(5);
    queue.setAllowed([]);
    queue.add(update);
    expect(ids()).toHaveLength(6);
  });
});
