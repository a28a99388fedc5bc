import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { openApprovalsCommand, shortOf } from './approvals-command.fixture.ts';
import { runCli, startCli } from './cli-process.fixture.ts';
import { operator } from './gateway-process.fixture.ts';

const hasTerminal = String(spawnSync('script', ['--version']).stdout).includes('util-linux');
const { ask, envOf, newState, read, withToken } = await openApprovalsCommand();
const run = (words: string[]) => runCli(['approvals', ...words], withToken());

describe('npm run approvals -- list --follow', () => {
  it('says what comes and what becomes of it', async () => {
    const cli = startCli(['approvals', 'list', '--follow'], withToken());
    const row = await ask();
    await cli.wrote(`${shortOf(row)}  plain, requested by worker`);
    await run(['reject', row.id, '--yes']);
    await cli.wrote(`${shortOf(row)}  plain: rejected by `);
    cli.kill('SIGTERM');
    await cli.ended;
  });

  it.skipIf(!hasTerminal)('decides from there at a terminal', async () => {
    const cli = startCli(['approvals', 'list', '--follow'], { ...withToken(), terminal: true });
    const row = await ask();
    await cli.wrote(`${shortOf(row)}  plain, requested by worker`);
    cli.type(`approve ${shortOf(row)} looks right\r`);
    await cli.wrote('Approve? [y/N]');
    cli.type('y\r');
    await cli.wrote('✅ Approved.');
    cli.type('quit\r');
    expect((await cli.ended).code).toBe(0);
    expect(await read(row.id)).toMatchObject({ status: 'approved', decision_reason: 'looks right' });
  });
});

describe.skipIf(!hasTerminal)('npm run approvals at a terminal', () => {
  it('asks for e-mail address and password once, and does not show the password', async () => {
    const row = await ask();
    const env = envOf(await newState());
    const first = startCli(['approvals', 'approve', row.id], { env, terminal: true });
    await first.wrote('E-mail [');
    first.type(`${operator.email}\r`);
    await first.wrote('Password of');
    first.type(`${operator.password}\r`);
    await first.wrote('Approve? [y/N]');
    first.type('y\r');
    const { code, out } = await first.ended;
    expect({ code, shown: out.includes(operator.password) }).toEqual({ code: 0, shown: false });
    expect((await read(row.id)).status).toBe('approved');
    const second = startCli(['approvals', 'list'], { env, terminal: true });
    expect((await second.ended).out).not.toContain('E-mail');
  });

  it('decides nothing on Ctrl-C', async () => {
    const row = await ask();
    const cli = startCli(['approvals', 'approve', row.id], { ...withToken(), terminal: true });
    await cli.wrote('Approve? [y/N]');
    cli.type('\u0003');
    const { code, out } = await cli.ended;
    expect({ code, said: out.includes('Interrupted. Nothing was decided.') }).toEqual({
      code: 130,
      said: true,
    });
    expect((await read(row.id)).status).toBe('pending');
  });
});
