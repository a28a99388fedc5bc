import { describe, expect, it } from 'vitest';
import { nearestCommand } from './nearest-command.ts';

describe('the nearest command', () => {
  it.each([
    ['/stpo', 'stop'],
    ['/sttop emails', 'stop'],
    ['/stopall', 'stop'],
    ['/stop_emails', 'stop'],
    ['STOP!!!', 'stop'],
    ['please stop everything', 'stop'],
    ['kill it', 'stop'],
    ['/statsu', 'status'],
    ['/resum', 'resume'],
    ['/selftset', 'selftest'],
    ['/pendign', 'pending'],
    ['/strat', 'start'],
    ['help me', 'help'],
  ])('of %j is /%s', (text, name) => expect(nearestCommand(text)).toBe(name));

  it.each(['', '/foo', 'hello', 'ok', '🙂', '/xyzzy@bot', 'ß'.repeat(5_000), 'a'.repeat(5_000)])(
    'of %j is none',
    (text) => expect(nearestCommand(text)).toBeUndefined(),
  );
});
