import { expect, it } from 'vitest';
import { approver, openBench } from '../../approval-bot.fixture.ts';

const bench = await openBench();

it('[SEC-017] /review starts a review, once for each command, also when the update comes twice', async () => {
  await bench.start();
  const { update_id } = bench.telegram.say({ chat_id: approver, text: '/review' });
  await bench.telegram.waitForMessage({ text: 'Supply-chain review started' });
  bench.telegram.redeliver(update_id);
  await bench.telegram.waitForMessage({ text: 'has already started a review' });
  const jobs = await bench.producer.use('inspect', (queue) => queue.getJobs());
  expect(jobs.map(({ id, data }) => ({ id, data: data as unknown }))).toEqual([
    { id: `telegram-${update_id}`, data: { trigger: 'telegram' } },
  ]);
});
