import { z } from 'zod';
import { settings } from '@actp/shared/settings';
import { CliError } from '../cli-error.ts';
import type { Cli } from '../command.ts';
import type { Prompts } from '../prompts.ts';
import type { GatewayAddress } from './gateway-address.ts';
import { reach } from './operator-client.ts';
import { refusalOf } from './problem.ts';
import type { SessionFile, StoredSession } from './session-file.ts';

const Token = z.object({ access_token: z.string(), expires_in: z.number() });

export interface LogInDeps {
  cli: Cli;
  gateway: GatewayAddress;
  file: SessionFile;
  prompts: Prompts;
}

const unanswered = 'Not logged in.';

/**
 * Asks for e-mail address and password, and keeps the session. From a pipe the password is one line; OPERATOR_PASSWORD is not read: who may run
 * commands beside the plane's `.env` should not be an operator by that alone.
 *
 * @param email asked for unless given
 * @throws CliError when the login fails, or the account is not an operator's
 */
export async function logIn(deps: LogInDeps, email: string | undefined): Promise<StoredSession> {
  const { cli, gateway, file, prompts } = deps;
  await file.prepare();
  const before = await file.read();
  const { OPERATOR_EMAIL } = await cli.plane.settings({ OPERATOR_EMAIL: settings.OPERATOR_EMAIL });
  const usual = email ?? before?.email ?? OPERATOR_EMAIL;
  const typed =
    email === undefined && prompts.interactive ? await prompts.ask(`E-mail [${usual}]: `, unanswered) : '';
  const address = typed.trim() === '' ? usual : typed.trim();
  const password = await prompts.askHidden(`Password of ${address} (not shown): `, unanswered);
  if (password === '') throw new CliError(`No password. ${unanswered}`, { exitCode: 1 });
  const device = before?.device_token;
  const { status, headers, body } = await reach(gateway, '/v1/auth/login', {
    method: 'POST',
    headers: device === undefined ? {} : { 'x-device-token': device },
    json: { email: address, password },
  });
  if (status === 401) {
    throw new CliError(
      `Wrong e-mail address or password. ${unanswered}\nThe first operator's password is OPERATOR_PASSWORD in .env.`,
      { exitCode: 1 },
    );
  }
  const token = status === 200 ? Token.safeParse(body).data : undefined;
  if (token === undefined) throw refusalOf(status, body, unanswered);
  await assertOperator(gateway, token.access_token);
  const deviceToken = headers['x-device-token'];
  const session = {
    url: gateway.url.origin,
    email: address,
    token: token.access_token,
    expires_at: new Date(Date.now() + token.expires_in * 1_000).toISOString(),
    ...(typeof deviceToken === 'string' && { device_token: deviceToken }),
  };
  await file.write(session);
  return session;
}

// Users have accounts too. Their session is of no use here, so it ends.
async function assertOperator(gateway: GatewayAddress, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const { status, body } = await reach(gateway, '/v1/approvals?limit=1', { headers });
  if (status === 200) return;
  await reach(gateway, '/v1/auth/logout', { method: 'POST', headers });
  throw refusalOf(status, body, unanswered);
}
