import { describe, expect, it } from 'vitest';
import { approver, openBench } from '../../approval-bot.fixture.ts';
import { approvalsOn } from '../../approvals/approvals.fixture.ts';

const bench = await openBench();
const approvals = approvalsOn(bench);

describe('/pending', () => {
  it('lists what waits, the most urgent first, for approvers only', async () => {
    await bench.start();
    bench.telegram.say({ chat_id: approver, text: '/pending' });
    await bench.telegram.waitForMessage({ text: 'No approvals are pending.' });
    const late = await approvals.ask({ action: 'ads.deploy', ttl_seconds: 7_200 });
    const soon = await approvals.ask({ requested_by: 'b\u202Eot', ttl_seconds: 600 });
    await approvals.decide(await approvals.ask(), 'rejected');
    bench.telegram.say({ chat_id: approver, text: '/pending' });
    const { versions } = await bench.telegram.waitForMessage({ text: '2 pending approvals' });
    expect(versions[0].text?.split('\n').slice(1)).toEqual([
      expect.stringMatching(
        new RegExp(`^${soon.slice(0, 8)}  dm.bulk_send, requested by b⟦U\\+202E⟧ot: 9 min \\d+ s left$`),
      ),
      expect.stringMatching(
        new RegExp(`^${late.slice(0, 8)}  ads.deploy, requested by agent-1: 1 h 59 min left$`),
      ),
    ]);
    bench.telegram.say({ chat_id: 666, text: '/pending' });
    await bench.telegram.waitForMessage({
      chat_id: 666,
      text: 'You are not authorized to give commands here.',
    });
  });
});
