import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readCallbackData, writeCallbackData, type Step } from './button.ts';
import { createButtonMac } from './button-mac.ts';
import { keyboard } from './keyboard.ts';

const mac = createButtonMac('a session secret of at least 32 characters');
const target = { chatId: '-1001', actionDigest: 'ab'.repeat(32) };
const steps: Step[] = ['approve', 'confirm', 'reject', 'back'];

describe('a button', () => {
  it.each(steps)('%s fits into 64 bytes and reads back', (step) => {
    for (let round = 0; round < 200; round += 1) {
      const button = { id: randomUUID(), step };
      const data = writeCallbackData(button, mac.of(button, target));
      expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64);
      const read = readCallbackData(data);
      expect(read?.button).toEqual(button);
      expect(read && mac.fits(read.mac, read.button, target)).toBe(true);
    }
  });

  it('is bound to the approval, the step, the chat, the payload and the secret', () => {
    const button = { id: randomUUID(), step: 'reject' } as const;
    const good = mac.of(button, target);
    expect(mac.fits(good, { ...button, id: randomUUID() }, target)).toBe(false);
    for (const step of steps) expect(mac.fits(good, { ...button, step }, target)).toBe(step === 'reject');
    expect(mac.fits(good, button, { ...target, chatId: '-1002' })).toBe(false);
    expect(mac.fits(good, button, { ...target, actionDigest: 'ac'.repeat(32) })).toBe(false);
    expect(createButtonMac('another secret of at least 32 characters').fits(good, button, target)).toBe(
      false,
    );
    expect(mac.fits(good.subarray(0, 12), button, target)).toBe(false);
    expect(mac.fits(Buffer.alloc(0), button, target)).toBe(false);
  });

  it('of the secret before works while it is rotated, and a new one has that of the new secret', () => {
    const button = { id: randomUUID(), step: 'approve' } as const;
    const [before, after] = [
      'the secret of before, of 32 characters',
      'the secret of after, of 32 characters',
    ];
    const rotated = createButtonMac(after, before);
    expect(rotated.fits(createButtonMac(before).of(button, target), button, target)).toBe(true);
    expect(rotated.fits(mac.of(button, target), button, target)).toBe(false);
    expect(createButtonMac(after).fits(rotated.of(button, target), button, target)).toBe(true);
    expect(createButtonMac(before).fits(rotated.of(button, target), button, target)).toBe(false);
  });

  it('is not read from anything that we cannot have written', () => {
    const button = { id: randomUUID(), step: 'approve' } as const;
    const data = writeCallbackData(button, mac.of(button, target));
    // The last letter carries two bits that mean nothing: another spelling of the same bytes is none of ours.
    const respelled = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
      .split('')
      .map((letter) => data.slice(0, -1) + letter)
      .filter(
        (other) =>
          other !== data &&
          Buffer.from(other.slice(1), 'base64url').equals(Buffer.from(data.slice(1), 'base64url')),
      );
    expect(respelled.length).toBeGreaterThan(0);
    for (const bad of [
      '',
      'a',
      data.slice(1),
      `x${data.slice(1)}`,
      `${data}=`,
      `${data} `,
      `${data}A`,
      data.slice(0, -1),
      ...respelled,
    ]) {
      expect(readCallbackData(bad), bad).toBeUndefined();
    }
  });

  it('is not guessed', () => {
    const button = { id: randomUUID(), step: 'approve' } as const;
    for (let round = 0; round < 5_000; round += 1)
      expect(mac.fits(randomBytes(16), button, target)).toBe(false);
  });
});

describe('the buttons of a card', () => {
  it('never put the second yes where the first was', () => {
    const texts = (kind: Parameters<typeof keyboard>[0]) =>
      keyboard(kind, randomUUID(), target, mac).inline_keyboard.map((row) => row.map(({ text }) => text));
    expect(texts('decide')).toEqual([['✅ Approve', '❌ Reject']]);
    expect(texts('reject_only')).toEqual([['❌ Reject']]);
    expect(texts('confirm')).toEqual([['↩️ Back', '❌ Reject'], ['‼️ Really approve']]);
  });
});
