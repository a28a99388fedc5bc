import { chmod, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openApprovalsCommand } from './approvals-command.fixture.ts';
import { runCli, startCli } from './cli-process.fixture.ts';
import { operator, secret } from './gateway-process.fixture.ts';

const { ask, call, envOf, folder, gateway, logIn, newState, policyFile, read, sessionFile, token } =
  await openApprovalsCommand();
let state: string;
beforeEach(async () => {
  state = await newState();
});
const env = () => envOf(state);

describe('the session of npm run approvals', () => {
  it('is made by a login, readable by its owner alone, and ends with a logout', async () => {
    const row = await ask();
    const { code, out, problem } = await logIn(state);
    expect(code).toBe(0);
    expect(out).toContain(`Logged in as ${operator.email} at ${gateway.url} until `);
    expect(out + problem).not.toContain(operator.password);
    const { path: file } = await sessionFile(state);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(state, 'actp-worker'))).mode & 0o777).toBe(0o700);
    expect(await readFile(file, 'utf8')).not.toContain(operator.password);
    expect((await runCli(['approvals', 'show', row.id], { env: env() })).code).toBe(0);

    const { token: kept } = await sessionFile(state);
    expect((await call(`/v1/approvals/${row.id}`, undefined, { as: kept })).status).toBe(200);
    expect((await runCli(['approvals', 'logout'], { env: env() })).code).toBe(0);
    expect(await readdir(join(state, 'actp-worker'))).toEqual([]);
    expect((await call(`/v1/approvals/${row.id}`, undefined, { as: kept })).status).toBe(401);
    const again = await runCli(['approvals', 'logout'], { env: env() });
    expect(again).toMatchObject({ code: 0, out: `Not logged in at ${gateway.url}.\n` });
  });

  it('is not used when others could have read, changed or put it there', async () => {
    await logIn(state);
    const { path: file } = await sessionFile(state);
    for (const [change, problem] of [
      [() => chmod(file, 0o640), 'can be read or changed by others (mode 640)'],
      [() => chmod(file, 0o620), 'can be read or changed by others (mode 620)'],
      [
        async () => (await chmod(file, 0o600), await chmod(join(state, 'actp-worker'), 0o770)),
        'by others (mode 770)',
      ],
    ] as const) {
      await change();
      const result = await runCli(['approvals', 'list'], { env: env() });
      expect(result.code).toBe(1);
      expect(result.problem).toContain(problem);
    }
    await chmod(join(state, 'actp-worker'), 0o700);
    await rm(file);
    await symlink(policyFile, file);
    const result = await runCli(['approvals', 'list'], { env: env() });
    expect(result).toMatchObject({ code: 1, problem: expect.stringContaining('is a link') as string });
  });

  it('may end meanwhile: nothing is decided, and it says how to log in again', async () => {
    await logIn(state);
    const row = await ask();
    const { token: kept } = await sessionFile(state);
    const cli = startCli(['approvals', 'approve', row.id], { env: env() });
    await cli.wrote('Approve? [y/N]');
    await gateway.fetch('/v1/auth/logout', { method: 'POST', headers: { authorization: `Bearer ${kept}` } });
    await eventually(
      async () => (await call(`/v1/approvals/${row.id}`, undefined, { as: kept })).status === 401,
    );
    cli.type('y\n');
    const { code, problem } = await cli.ended;
    expect(code).toBe(1);
    expect(problem).toMatch(
      /session has ended.*Nothing was decided\.\nLog in again: npm run approvals -- login/,
    );
    expect((await read(row.id)).status).toBe('pending');
    const next = await runCli(['approvals', 'list'], { env: env() });
    expect(next).toMatchObject({ code: 1, problem: expect.stringContaining('Not logged in') as string });
  });

  it('is not made by a wrong password, an OPERATOR_PASSWORD, or the account of a user', async () => {
    const wrong = await runCli(['approvals', 'login', '--email', operator.email], { env: env() }, 'wrong\n');
    expect(wrong).toMatchObject({ code: 1, problem: expect.stringContaining('Wrong e-mail') as string });
    const silent = { ...env(), OPERATOR_EMAIL: operator.email, OPERATOR_PASSWORD: operator.password };
    const listed = await runCli(['approvals', 'list'], { env: silent });
    expect(listed).toMatchObject({ code: 1, out: '' });
    expect(listed.problem).toContain('npm run approvals -- login');
    const user = { email: 'someone@example.com', password: 'ten or more' };
    await call('/v1/auth/register', user);
    const login = ['approvals', 'login', '--email', user.email];
    const refused = await runCli(login, { env: env() }, `${user.password}\n`);
    expect(refused).toMatchObject({ code: 1, problem: expect.stringContaining('for operators') as string });
    expect(await readdir(join(state, 'actp-worker'))).toEqual([]);
  });

  it('can be a token, which has to be an operator’s', async () => {
    const row = await ask();
    const tokenFile = join(folder, 'token');
    await writeFile(tokenFile, `${token}\n`);
    const words = ['approvals', 'show', row.id, '--token-file'];
    expect((await runCli([...words, tokenFile], { env: env() })).code).toBe(0);
    for (const [given, problem] of [
      [join(folder, 'none'), 'there is no such file'],
      [folder, 'cannot be read (EISDIR)'],
    ] as const) {
      expect(await runCli([...words, given], { env: env() })).toMatchObject({
        code: 2,
        problem: expect.stringContaining(problem) as string,
      });
    }
    const agent = await runCli(['approvals', 'show', row.id], { env: { ...env(), ACTP_TOKEN: secret } });
    expect(agent).toMatchObject({ code: 1, problem: expect.stringContaining('for operators') as string });
    const old = await runCli(['approvals', 'list'], { env: { ...env(), ACTP_TOKEN: 'nonsense' } });
    expect(old).toMatchObject({ code: 1, problem: expect.stringContaining('token is not valid') as string });
  });

  it('is given to no gateway that others could listen to', async () => {
    for (const [ACTP_URL, code, problem] of [
      ['http://plane.example.com', 2, 'Use https:, or a tunnel'],
      ['ftp://127.0.0.1', 2, 'ACTP_URL must be the address'],
      ['http://127.0.0.1:1', 1, 'No gateway responds at http://127.0.0.1:1.\nStart the plane (npm start)'],
    ] as const) {
      const result = await runCli(['approvals', 'list'], { env: { ...env(), ACTP_TOKEN: token, ACTP_URL } });
      expect(result.code).toBe(code);
      expect(result.problem).toContain(problem);
    }
  });
});
