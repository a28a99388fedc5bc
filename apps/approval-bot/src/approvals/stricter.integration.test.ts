import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openBench } from '../approval-bot.fixture.ts';
import { approvalsOn } from './approvals.fixture.ts';

const bench = await openBench();
const approvals = approvalsOn(bench);
const start = () => bench.start({ POLICY_FILE: 'apps/approval-bot/src/approvals/stricter.policy.yaml' });

describe('a press under a policy that became stricter [TRU-006]', () => {
  it('approves nothing that it denies; rejecting works', async () => {
    await start();
    const id = await approvals.ask({ action: 'DB:drop', details: {} });
    const card = await approvals.card(id);
    expect(await approvals.press(card, '✅ Approve')).toContain('The policy now denies this');
    expect(await approvals.read(id)).toMatchObject({ status: 'pending', decided_by: null });
    expect(await approvals.audit(id)).toContainEqual({
      action_type: 'approval.decide',
      status: 'denied',
      agent_id: 'telegram:42',
      result: expect.objectContaining({
        refused: 'policy_denied',
        policy: expect.objectContaining({ rule: 'gate:db.*' }),
      }),
    });
    expect(await approvals.press(card, '❌ Reject')).toContain('Rejected');
  });

  it('approves nothing while the policy file has not been valid since the start, and goes on otherwise', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'actp-bot-policy-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'policy.yaml');
    await writeFile(file, 'version: 2\n');
    await bench.start({ POLICY_FILE: file });
    const [id, other] = await Promise.all([approvals.ask(), approvals.ask()]);
    expect(await approvals.press(await approvals.card(id), '✅ Approve')).toContain(
      'The policy file is not valid',
    );
    expect(await approvals.press(await approvals.card(other), '❌ Reject')).toContain('Rejected');
    await writeFile(file, 'version: 1\ntools: { allow: [] }\ngates: []\ndefaults: { effect: allow }\n');
    await eventually(async () =>
      (await approvals.press(await approvals.card(id), '✅ Approve'))?.includes('Approved'),
    );
  });

  it('needs the confirming press that it asks for', async () => {
    await start();
    const id = await approvals.ask({ action: 'ads.deploy', details: {} });
    const card = await approvals.card(id);
    expect(await approvals.press(card, '✅ Approve')).toContain('This is critical');
    expect(await approvals.read(id)).toMatchObject({ status: 'pending' });
  });

  it('needs the people that it asks for', async () => {
    await start();
    const id = await approvals.ask({ action: 'system.deploy_code', details: {} });
    expect(await approvals.press(await approvals.card(id), '✅ Approve')).toContain('1 of 2');
    expect(await approvals.read(id)).toMatchObject({ status: 'pending', approvals: 1, approvers: 2 });
  });
});
