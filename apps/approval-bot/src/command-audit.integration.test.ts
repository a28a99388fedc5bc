import { expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { approver, openBench } from './approval-bot.fixture.ts';

const bench = await openBench();

const eventsOf = async (agent: string) => {
  const { rows } = await bench.stores.sql.query<{ command: string; status: string }>(
    `select result ->> 'command' as command, status from actp_agent_audit_log
     where action_type = 'telegram.command' and agent_id = $1 order by id`,
    [agent],
  );
  return rows;
};

it('[POL-008] a command is in the audit log when its chat takes no answer, which changes nothing about what it did', async () => {
  for (const chat of [approver, 666]) {
    bench.telegram.faults.add({ effect: 'error', code: 403, method: 'sendMessage', chat_id: chat });
  }
  await bench.start();
  bench.telegram.say({ chat_id: approver, text: '/selftest' });
  bench.telegram.say({ chat_id: 666, text: '/stop' });
  await eventually(() => bench.log.filter(({ msg }) => msg === 'update failed').length === 2);
  expect(await eventsOf(`telegram:${approver}`)).toEqual([{ command: '/selftest', status: 'ok' }]);
  expect(await eventsOf('telegram:666')).toEqual([{ command: '/stop', status: 'denied' }]);
  const jobs = await bench.producer.use('selftest', (queue) => queue.getJobs());
  expect(jobs).toHaveLength(1);
});
