import { describe, expect, it } from 'vitest';
import { alertChat, approver, openBench } from '../approval-bot.fixture.ts';
import { approvalsOn } from './approvals.fixture.ts';
import { fuzzPresses } from './forged-presses.fixture.ts';

const bench = await openBench();
const approvals = approvalsOn(bench);

describe('forged presses', () => {
  it('decide nothing, 300 of them, and each leaves its trace', async () => {
    await fuzzPresses(bench, 300);
  });

  it('are answered one by one by a bot that goes on working', async () => {
    await bench.start();
    const id = await approvals.ask();
    const card = await approvals.card(id);
    for (let round = 0; round < 30; round += 1) {
      const data = Buffer.from(`${round}`.repeat(round % 16)).toString('base64url') || 'a';
      const { answer } = await bench.telegram.forgePress({
        from: round % 2 === 0 ? approver : 666,
        data,
        chat_id: alertChat,
        message_id: card.message_id,
      });
      expect(answer?.text).toMatch(/Unknown button|not authorized to decide here/);
    }
    expect((await approvals.read(id)).status).toBe('pending');
    expect(await approvals.press(card, '✅ Approve')).toBe('✅ Approved.');
  });
});
