import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd } from '@actp/testing/at-end';
import { openStores } from '@actp/testing/stores';
import { runCli, type CliProcessOptions } from './cli-process.fixture.ts';
import { json, openGateway, operator, operatorToken } from './gateway-process.fixture.ts';

export interface Row {
  id: string;
  status: string;
  action_digest: string;
  decision_reason: string | null;
}

/** The first part of an id, as people type it. */
export const shortOf = ({ id }: Row) => id.slice(0, 8);

/** A gateway, whose policy a test may change, and the command line that decides there. */
export async function openApprovalsCommand() {
  const folder = await mkdtemp(join(tmpdir(), 'actp-approvals-command-'));
  atEnd(() => rm(folder, { recursive: true }));
  const policyFile = join(folder, 'policy.yaml');
  const policy = await readFile(join(import.meta.dirname, 'approvals-command.policy.yaml'), 'utf8');
  await writeFile(policyFile, policy);
  const stores = await openStores();
  const settings = { POLICY_FILE: policyFile, RATE_LIMIT_PER_USER: '60000' };
  const gateway = await openGateway(stores, { settings });
  const token = await operatorToken(gateway);

  const call = (path: string, body?: unknown, { as = token, method = 'POST' } = {}) =>
    gateway.fetch(path, {
      ...(body === undefined ? {} : json(body)),
      ...(body === undefined ? {} : { method }),
      headers: { authorization: `Bearer ${as}`, 'content-type': 'application/json' },
    });
  const envOf = (state: string) => ({
    HOME: folder,
    XDG_STATE_HOME: state,
    GATEWAY_PORT: String(gateway.port),
  });

  return {
    folder,
    policyFile,
    policy,
    stores,
    gateway,
    token,
    call,
    envOf,
    /** A folder in which a test keeps its sessions. */
    newState: () => mkdtemp(join(folder, 'state-')),
    /** As somebody who has a token. */
    withToken: (as = token): CliProcessOptions => ({ env: { ...envOf(folder), ACTP_TOKEN: as } }),
    async ask(action = 'plain', details: object = { to: 'ada@example.com' }): Promise<Row> {
      const response = await gateway.fetch('/v1/approvals', json({ action, details }));
      return (await response.json()) as Row;
    },
    read: async (id: string) => (await (await call(`/v1/approvals/${id}`)).json()) as Row,
    logIn: (state: string) =>
      runCli(
        ['approvals', 'login', '--email', operator.email],
        { env: envOf(state) },
        `${operator.password}\n`,
      ),
    async sessionFile(state: string) {
      const [name = ''] = await readdir(join(state, 'actp-worker'));
      const path = join(state, 'actp-worker', name);
      const { token: kept } = JSON.parse(await readFile(path, 'utf8')) as { token: string };
      return { path, token: kept };
    },
  };
}
