import { execFile } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { BadOption, readOptions } from './options.ts';

const main = join(import.meta.dirname, '..', 'main.ts');
const run = (...words: string[]) =>
  promisify(execFile)(process.execPath, [main, ...words]).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );

describe('the Telegram stand-in by hand', () => {
  it('needs no option, and takes a chat of its own', () => {
    expect(readOptions([])).toMatchObject({ port: 8081, user: 42, chat: 42 });
    expect(readOptions(['--user', '7', '--chat=-1001', '--port', '0'])).toMatchObject({
      port: 0,
      user: 7,
      chat: -1001,
    });
  });

  it.each([
    [['--prot', '1'], '--prot'],
    [['--port', 'eighty'], '--port must be a whole number'],
    [['--port', '70000'], '--port must be a whole number'],
    [['--port'], '--port'],
    [['--user', 'me'], '--user must be a numeric id'],
    [['--chat', 'here'], '--chat must be a numeric id'],
    [['--token', 'x'], '--token must look like a bot token'],
    [['word'], 'word'],
  ])('names the option that cannot be used: %j', (words, message) => {
    expect(() => readOptions(words)).toThrow(BadOption);
    expect(() => readOptions(words)).toThrow(message);
    expect(() => readOptions(words)).toThrow('--help');
  });

  it('shows its options at --help, and says on one line what is wrong', async () => {
    const help = await run('--help');
    expect(help).toMatchObject({ code: 0 });
    for (const option of ['--port', '--token', '--user', '--chat', 'press <n>']) {
      expect(help.stdout).toContain(option);
    }
    const bad = await run('--port', 'eighty');
    expect(bad).toMatchObject({ code: 2, stdout: '' });
    expect(bad.stderr).toBe(
      '--port must be a whole number from 0 to 65535.\nTry: node packages/testing/src/telegram/main.ts --help\n',
    );
  });
});
