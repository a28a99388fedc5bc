import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { differences, readMatrix } from '@actp/testing/matrix';
import { openBench } from '../approval-bot.fixture.ts';
import { bot, elsewhere, listed, prepareSomethingToDo, write, writers } from './commands.fixture.ts';

const matrix = readMatrix(join(import.meta.dirname, 'commands.matrix.md'));
const withoutList = 'nobody listed';
const bench = await openBench([elsewhere]);

beforeAll(() => prepareSomethingToDo(bench));
beforeEach(() => {
  bench.telegram.addChat({ id: elsewhere, title: 'Elsewhere' });
  bench.telegram.addUser({ id: bot, is_bot: true, first_name: 'Robot' });
});

describe('the table of commands and people', () => {
  it('has a row for every command that the bot offers, and for /start, which nobody needs to be offered', async () => {
    await bench.start();
    await bench.telegram.waitUntilQuiet();
    const [offered] = bench.telegram.calls('setMyCommands');
    const commands = offered?.params['commands'] as Array<{ command: string }>;
    const named = commands.map(({ command }) => `/${command}`);
    expect([...matrix.rows.keys()].toSorted()).toEqual(['/start', ...named].toSorted());
    expect(matrix.columns).toEqual([...writers.keys(), withoutList]);
  });

  it('[SEC-011] says what comes of each command', async () => {
    await bench.start({ TELEGRAM_APPROVER_IDS: listed });
    const wrong: string[] = [];
    for (const [command, expected] of matrix.rows) {
      const seen = new Map<string, string>();
      // One after the other, so that it is clear whose command has changed something.
      for (const [name, who] of writers) seen.set(name, await write(bench, command, who));
      const cells = new Map([...expected].filter(([column]) => column !== withoutList));
      wrong.push(...differences(command, cells, seen));
    }
    expect(wrong).toEqual([]);
  });

  it('[SEC-011] says that with an empty list nobody commands anything', async () => {
    await bench.start({ TELEGRAM_APPROVER_IDS: [] });
    const wrong: string[] = [];
    const person = 500;
    for (const [command, expected] of matrix.rows) {
      const seen = await write(bench, command, { chat_id: person, from: person });
      const cells = new Map([[withoutList, expected.get(withoutList) ?? '']]);
      wrong.push(...differences(command, cells, new Map([[withoutList, seen]])));
    }
    expect(wrong).toEqual([]);
  });
});
