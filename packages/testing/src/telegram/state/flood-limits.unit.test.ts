import { beforeEach, describe, expect, it } from 'vitest';
import { createFloodGuard, telegramLimits, type FloodGuard } from './flood-limits.ts';

let now = 0;
let guard: FloodGuard;

describe('flood limits', () => {
  beforeEach(() => {
    now = 1_000_000;
    guard = createFloodGuard({ clock: () => now });
    guard.set(telegramLimits);
  });

  it('let one message a second into a chat', () => {
    guard.count(42);
    expect(() => guard.count(42)).toThrow('Too Many Requests: retry after 1');
    guard.count(43);
    now += 1000;
    guard.count(42);
  });

  it('let 20 messages a minute into a group', () => {
    for (let n = 0; n < 20; n += 1) {
      guard.count(-100);
      now += 1000;
    }
    expect(() => guard.count(-100)).toThrow('retry after 40');
    now += 40_000;
    guard.count(-100);
  });

  it('let 30 messages a second out', () => {
    for (let chat = 1; chat <= 30; chat += 1) guard.count(chat);
    expect(() => guard.count(31)).toThrow('retry after 1');
  });

  it('are off when nobody sets them', () => {
    guard.set(undefined);
    for (let n = 0; n < 100; n += 1) guard.count(42);
  });
});
