import { describe, expect, it } from 'vitest';
import { createSlots } from './slots.ts';

const patient = { mostOfOne: 2, mostOfAll: 3, mostWaiting: 2, waitMs: 600_000 };
const hasty = { ...patient, waitMs: 0 };

describe('places for large bodies', () => {
  it('are limited for each caller and in all; who gets none hears which, and when to come again', async () => {
    const slotOf = createSlots(hasty);
    const [one, two] = [slotOf('a'), slotOf('a')];
    await one.take();
    await two.take();
    await expect(slotOf('a').take()).rejects.toMatchObject({
      code: 'rate_limited',
      message: expect.stringContaining('at most 2 bodies larger than 131072 bytes at a time for one caller'),
    });
    await slotOf('b').take();
    await expect(slotOf('c').take()).rejects.toMatchObject({
      code: 'unavailable',
      message: 'at most 3 bodies larger than 131072 bytes at a time',
    });
    const waiting = createSlots({ ...patient, mostWaiting: 0 });
    await waiting('a').take();
    await waiting('a').take();
    await expect(waiting('a').take()).rejects.toMatchObject({ code: 'rate_limited', retryAfter: 600 });
  });

  it('are waited for by so many of one caller, so that others find room to wait', async () => {
    const slotOf = createSlots({
      ...patient,
      mostOfOne: 1,
      mostOfAll: 1,
      mostWaitingOfOne: 1,
      work: 'registrations',
    });
    const first = slotOf('a');
    await first.take();
    const [waits, other] = [slotOf('a'), slotOf('b')];
    const taken = waits.take();
    await expect(slotOf('a').take()).rejects.toMatchObject({
      code: 'rate_limited',
      message: 'at most 1 registrations at a time for one caller',
    });
    const given = other.take();
    first.free();
    await taken;
    waits.free();
    await given;
  });

  it('are waited for by so many in all', async () => {
    const slotOf = createSlots({ ...patient, mostOfAll: 1, mostWaiting: 1 });
    const first = slotOf('a');
    await first.take();
    const waits = slotOf('b').take();
    await expect(slotOf('c').take()).rejects.toMatchObject({ code: 'unavailable' });
    first.free();
    await waits;
    // The place is taken again.
    let given = false;
    void slotOf('c')
      .take()
      .then(() => (given = true));
    await new Promise(setImmediate);
    expect(given).toBe(false);
  });

  it('are four for a caller and eight in all, unless something else is said', async () => {
    const slotOf = createSlots();
    for (const caller of ['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b']) await slotOf(caller).take();
  });

  it('are not kept for who has given up waiting', async () => {
    const slotOf = createSlots({ ...hasty, mostOfAll: 1, mostWaiting: 1 });
    const first = slotOf('a');
    await first.take();
    await expect(slotOf('b').take()).rejects.toMatchObject({ code: 'unavailable' });
    first.free();
    await slotOf('c').take();
  });

  it('are taken once and given back once, whatever is called', async () => {
    const slotOf = createSlots(hasty);
    const slot = slotOf('a');
    slot.free();
    await slot.take();
    await slot.take();
    await slotOf('a').take();
    slot.free();
    slot.free();
    await slotOf('a').take();
    await expect(slotOf('a').take()).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('go to who waits, in turn, and past those whose caller has too many', async () => {
    const slotOf = createSlots({ ...patient, mostWaiting: 3 });
    const [a1, a2, b1] = [slotOf('a'), slotOf('a'), slotOf('b')];
    for (const slot of [a1, a2, b1]) await slot.take();
    const order: string[] = [];
    const [a3, c1, a4] = [slotOf('a'), slotOf('c'), slotOf('a')];
    const taken = [
      a3.take().then(() => order.push('a3')),
      c1.take().then(() => order.push('c1')),
      a4.take().then(() => order.push('a4')),
    ];
    b1.free();
    await taken[1];
    expect(order).toEqual(['c1']);
    a1.free();
    await taken[0];
    a2.free();
    await taken[2];
    expect(order).toEqual(['c1', 'a3', 'a4']);
  });
});
