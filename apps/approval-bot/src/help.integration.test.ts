import { expect, it } from 'vitest';
import { approver, openBench } from './approval-bot.fixture.ts';

const bench = await openBench();

it('/help lists the commands, which clients offer as well', async () => {
  await bench.start();
  bench.telegram.say({ chat_id: approver, text: '/help' });
  await bench.telegram.waitForMessage({ text: '/selftest - Run the self-test now' });
  const [set] = bench.telegram.calls('setMyCommands');
  expect(set?.params['commands']).toMatchObject([
    { command: 'status' },
    { command: 'pending' },
    { command: 'selftest' },
    { command: 'heal' },
    { command: 'review' },
    { command: 'stop' },
    { command: 'resume' },
    { command: 'link' },
    { command: 'help' },
  ]);
});
