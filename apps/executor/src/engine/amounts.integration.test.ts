import { expect, it } from 'vitest';
import type { Agent, JsonObject } from '../agents/agent.ts';
import { partsOfTest } from '../agents.fixture.ts';
import { openExecutor } from '../executor.fixture.ts';

const bench = await openExecutor();

it.each<JsonObject>([
  {},
  { amount_minor: 0 },
  { amount_minor: 1.5 },
  { amount_minor: '5' },
  { amount_minor: -5 },
])(
  '[POL-001] a payment that does not say what it takes is not made, and never counts as nothing: %j',
  async (payload) => {
    const paid: JsonObject[] = [];
    const parts = partsOfTest({ resendUrl: bench.resend.url });
    const run: Agent['run'] = async ({ perform }) => {
      await perform(0, {
        keyKeptSeconds: 60,
        prepare: () => Promise.resolve(payload),
        attempt(sent) {
          paid.push(sent);
          return Promise.resolve({ state: 'done', reference: 'paid' });
        },
      });
      return { result: {}, costMinor: 0 };
    };
    const agents = parts.agents.map((agent): Agent =>
      agent.name === 'purchase' ? { ...agent, run } : agent,
    );
    const executor = await bench.start({ parts: { ...parts, agents } });
    const id = await bench.ask(await bench.user(), 'pay 500');
    const { approval_id } = await bench.inStatus(id, 'awaiting_approval');
    await bench.decide(approval_id, 'approved');
    expect(await bench.ended(id)).toMatchObject({ status: 'failed', error_code: 'internal', effects: [] });
    expect(paid).toEqual([]);
    await executor.stop();
  },
);
