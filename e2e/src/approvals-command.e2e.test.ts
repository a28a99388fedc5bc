import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openApprovalsCommand, shortOf, type Row } from './approvals-command.fixture.ts';
import { runCli, startCli } from './cli-process.fixture.ts';
import { json, operator } from './gateway-process.fixture.ts';

const { ask, call, gateway, policy, policyFile, read, stores, withToken } = await openApprovalsCommand();
const run = (words: string[], input = '') => runCli(['approvals', ...words], withToken(), input);

describe('npm run approvals', () => {
  it('lists what is pending, for people and for programs', async () => {
    const row = await ask('plain', { to: '\u001b[2Jx' });
    const { code, out } = await run(['list']);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^${shortOf(row)}  plain, requested by worker: .* left$`, 'm'));
    const listed = await run(['list', '--json']);
    expect((JSON.parse(listed.out) as Row[]).map(({ id }) => id)).toContain(row.id);
  });

  it('shows the same card as Telegram, in which no escape reaches the terminal', async () => {
    const row = await ask('plain', { to: 'a\u001b[2J\u009b31m\u202eb', amount_usd: 1234.5 });
    const { code, out } = await run(['show', shortOf(row)]);
    expect(code).toBe(0);
    expect(out).toContain('▪ amount_usd: 1,234.50 USD\n▪ to: “a⟦U+001B⟧[2J⟦U+009B⟧31m⟦U+202E⟧b”\n');
    const shown = await run(['show', row.id, '--json']);
    for (const text of [out, shown.out, (await run(['list', '--json'])).out]) {
      expect(text).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
    }
    expect(JSON.parse(shown.out)).toMatchObject({ approvable: true, approval: { id: row.id } });
  });

  it('approves after a y, and keeps the reason', async () => {
    const row = await ask();
    const { code, out } = await run(['approve', shortOf(row), '--reason', 'seen'], 'y\n');
    expect(code).toBe(0);
    expect(out).toMatch(/^🔔 Approval required\n[^]*✅ Approved\.\n$/);
    expect(await read(row.id)).toMatchObject({ status: 'approved', decision_reason: 'seen' });
  });

  it.each(['n\n', '\n', 'yess\n', ''])('decides nothing after %j', async (answer) => {
    const row = await ask();
    const { code, problem } = await run(['approve', row.id], answer);
    expect(code).toBe(1);
    expect(problem).toContain('Nothing was decided.');
    expect((await read(row.id)).status).toBe('pending');
  });

  it('rejects, and with --yes asks nothing', async () => {
    const row = await ask();
    expect(await run(['reject', row.id, '--yes'])).toMatchObject({ code: 0, problem: '' });
    expect((await read(row.id)).status).toBe('rejected');
    const other = await ask();
    const { out } = await run(['approve', other.id, '--yes', '--json']);
    expect(JSON.parse(out)).toMatchObject({ id: other.id, status: 'approved' });
  });

  it('wants the short id of what is critical typed', async () => {
    const row = await ask('critical');
    for (const [words, answer] of [
      [['--yes'], ''],
      [[], 'y\n'],
      [[], `${row.id.slice(0, 7)}\n`],
    ] as const) {
      const { code, problem } = await run(['approve', row.id, ...words], answer);
      expect({ code, status: (await read(row.id)).status }).toEqual({ code: 1, status: 'pending' });
      expect(problem).toContain('Nothing was decided.');
    }
    expect((await run(['approve', row.id], `${shortOf(row)}\n`)).code).toBe(0);
    expect((await read(row.id)).status).toBe('approved');
  });

  it('says how many must agree, and lets nobody count twice', async () => {
    const row = await ask('two');
    const recorded = 'Your approval is recorded: 1 of 2. Another person must approve too.';
    for (let time = 0; time < 2; time += 1) {
      const { code, out } = await run(['approve', row.id], 'y\n');
      expect(code).toBe(0);
      expect(out).toContain('Approvals: ');
      expect(out).toContain(recorded);
    }
    expect((await run(['list'])).out).toContain(
      `${shortOf(row)}  two, requested by worker: 1 of 2 approvals, `,
    );
    const other = await secondOperator();
    const second = await runCli(['approvals', 'approve', row.id, '--yes'], withToken(other));
    expect(second.out).toContain('✅ Approved.');
  });

  it('[TRU-007] has no Approve for what a card withholds', async () => {
    const row = await ask('plain', { password: 'Pay90000ToBob!' });
    const { code, out, problem } = await run(['approve', row.id], 'y\n');
    expect({ code, status: (await read(row.id)).status }).toEqual({ code: 1, status: 'pending' });
    expect(out + problem).not.toContain('Pay90000ToBob!');
    expect(problem).toContain('cannot be approved here. Nothing was decided.');
    expect((await run(['reject', row.id, '--yes'])).code).toBe(0);
  });

  it('says who has decided before', async () => {
    const row = await ask();
    await run(['reject', row.id, '--yes']);
    const { code, problem } = await run(['approve', row.id], 'y\n');
    expect(code).toBe(1);
    expect(problem).toMatch(/Too late: it is rejected by .*\. Nothing has changed\./);
  });

  it.each<[string, (row: Row) => Promise<unknown>, RegExp]>([
    [
      'somebody decided',
      ({ id, action_digest }) =>
        call(`/v1/approvals/${id}/decision`, { decision: 'rejected', action_digest }),
      /Too late: it is rejected by .*Nothing has changed/,
    ],
    [
      'it expired',
      ({ id }) =>
        stores.sql.query('update actp_approval_queue set expires_at = clock_timestamp() where id = $1', [id]),
      /expired, which counts as rejected. Nothing was decided\.\nThe agent has to ask anew/,
    ],
    [
      'it changed',
      ({ id }) =>
        stores.sql.query(`update actp_approval_queue set action_digest = repeat('a', 64) where id = $1`, [
          id,
        ]),
      /not what was shown. Nothing was decided\.\nLook at it again/,
    ],
    [
      'it was stopped',
      () => call('/v1/kill-switch', { scope: 'action:plain', reason: 'test' }),
      /stopped this \(kill switch\)\. Nothing was decided\.\nOnce it is lifted/,
    ],
  ])('says so when %s while it was read', async (_what, change, message) => {
    const row = await ask();
    const cli = startCli(['approvals', 'approve', row.id], withToken());
    await cli.wrote('Approve? [y/N]');
    await change(row);
    cli.type('y\n');
    const { code, problem } = await cli.ended;
    expect(code).toBe(1);
    expect(problem).toMatch(message);
    await call('/v1/kill-switch', { scope: 'action:plain' }, { method: 'DELETE' });
  });

  it('says what the policy denies by now', async () => {
    const row = await ask('soon.denied');
    await writeFile(
      policyFile,
      policy.replace('soon.denied, approval: required', 'soon.denied, effect: deny'),
    );
    await eventually(async () => {
      const response = await gateway.fetch('/v1/approvals', json({ action: 'soon.denied', details: {} }));
      return response.status === 403;
    });
    const { code, problem } = await run(['approve', row.id], 'y\n');
    expect(code).toBe(1);
    expect(problem).toMatch(
      /The policy denies it \(gate:soon\.denied\).*Nothing was decided\.\nIt can be rejected/,
    );
    expect((await run(['reject', row.id], 'y\n')).code).toBe(0);
    await writeFile(policyFile, policy);
  });

  it('[TRU-003] refuses what the operator has asked for', async () => {
    const row = await ask();
    await stores.sql.query('update actp_approval_queue set asked_by = $2 where id = $1', [
      row.id,
      `operator:${operator.email.toLowerCase()}`,
    ]);
    const { code, problem } = await run(['approve', row.id], 'y\n');
    expect(code).toBe(1);
    expect(problem).toContain(
      'You asked for this yourself. Nothing was decided.\nAnother operator has to decide.',
    );
  });

  it('knows an id by its beginning, if only one begins so', async () => {
    const row = await ask();
    expect((await run(['show', row.id.slice(0, 13)])).code).toBe(0);
    expect(await run(['show', 'abc'])).toMatchObject({ code: 2 });
    expect(await run(['show', 'not-an-id'])).toMatchObject({ code: 2 });
    const none = await run(['show', '00000000']);
    expect(none).toMatchObject({ code: 1, problem: expect.stringContaining('No approval') as string });
  });
});

async function secondOperator(): Promise<string> {
  const { invite_code: code } = (await (
    await call('/v1/operators', { email: 'second@example.com' })
  ).json()) as { invite_code: string };
  const password = 'another long enough passphrase';
  await call('/v1/auth/accept-invite', { code, password });
  const login = await call('/v1/auth/login', { email: 'second@example.com', password });
  return ((await login.json()) as { access_token: string }).access_token;
}
