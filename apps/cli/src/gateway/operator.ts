import { z } from 'zod';
import { CliError } from '../cli-error.ts';
import type { Cli } from '../command.ts';
import { createPrompts, type Prompts } from '../prompts.ts';
import { gatewayAddress, type GatewayAddress } from './gateway-address.ts';
import { logIn } from './log-in.ts';
import { createOperatorClient, type OperatorClient } from './operator-client.ts';
import { GatewayRefusal } from './problem.ts';
import { createSessionFile, stateFolder, type SessionFile } from './session-file.ts';
import { givenToken } from './token.ts';

export interface CredentialOptions {
  tokenFile?: string;
}

export interface Operator {
  client: OperatorClient;
  prompts: Prompts;
}

/** What all commands need that talk to the gateway as somebody. */
export interface GatewayAccess {
  gateway: GatewayAddress;
  file: SessionFile;
  prompts: Prompts;
}

/** Runs a command that needs the gateway and perhaps a terminal, which it gives back at the end. */
export async function withGateway<T>(cli: Cli, run: (access: GatewayAccess) => Promise<T>): Promise<T> {
  const gateway = await gatewayAddress(cli);
  const file = createSessionFile(stateFolder(cli.environment), gateway.url);
  const prompts = createPrompts(cli.input, cli.err);
  try {
    return await run({ gateway, file, prompts });
  } finally {
    prompts.close();
  }
}

/**
 * Runs a command as an operator: by a token, by the session of an earlier login, or by logging in at the terminal.
 *
 * @throws CliError when there is no session and nobody to ask
 */
export function withOperator<T>(
  cli: Cli,
  { tokenFile }: CredentialOptions,
  run: (operator: Operator) => Promise<T>,
): Promise<T> {
  return withGateway(cli, async (access) => {
    const { gateway, prompts } = access;
    const given = await givenToken(cli.environment, tokenFile);
    const token = given ?? (await sessionToken(cli, access));
    return run({ client: createOperatorClient(gateway, token), prompts });
  });
}

async function sessionToken(cli: Cli, access: GatewayAccess): Promise<string> {
  const { gateway, file, prompts } = access;
  const stored = await file.read();
  if (stored !== undefined && (await isAlive(gateway, stored.token))) return stored.token;
  if (stored !== undefined) cli.err.write(`The session of ${stored.email} has ended.\n`);
  if (prompts.interactive) return (await logIn({ cli, ...access }, undefined)).token;
  throw new CliError(
    `Not logged in at ${gateway.url.origin}.\n` +
      'Log in: npm run approvals -- login. (From a pipe it reads the password as one line.) Or set ACTP_TOKEN, or --token-file.',
    { exitCode: 1 },
  );
}

// Asked before anything is shown, so that nobody reads a card and then has to log in.
async function isAlive(gateway: GatewayAddress, token: string): Promise<boolean> {
  try {
    await createOperatorClient(gateway, token).get('/v1/approvals?limit=1', z.unknown());
    return true;
  } catch (error) {
    if (error instanceof GatewayRefusal && error.status === 401) return false;
    throw error;
  }
}
