import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { eventually } from '@actp/testing/eventually';
import { startPlane } from '../plane.fixture.ts';
import { startOutsideServices } from '../task-flow/outside-services.ts';
import { createCaller } from '../task-flow/api.ts';
import { createPerson } from '../task-flow/person.ts';
import { withValues, type Values } from './shown-output.ts';
import { openShellSession, type ShellSession } from './shell-session.ts';

export const root = join(import.meta.dirname, '../../..');
const shippedPolicy = 'config/policy.yaml';

// Without a language model, as the pages say. curl shows no progress on a terminal either.
const prelude = `curl() { command curl -sS "$@"; }
post_json() { curl -H 'Content-Type: application/json' -d "$2" "$URL$1"; }
token_of() { post_json /v1/auth/login "{\\"email\\":\\"$1\\",\\"password\\":\\"$2\\"}" | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/'; }
operator_token() { token_of "$OPERATOR_EMAIL" "$OPERATOR_PASSWORD"; }
user_token() {
  post_json /v1/auth/register "{\\"email\\":\\"$1\\",\\"password\\":\\"a long password\\"}" > /dev/null
  token_of "$1" 'a long password'
}`;

interface Decidable {
  id: string;
  action_digest: string;
}

export type DocumentedPlane = Awaited<ReturnType<typeof startDocumentedPlane>>;

/** The plane that all pages talk about, with stand-ins for what is outside, and a shell for each page. */
export async function startDocumentedPlane() {
  const folder = await mkdtemp(join(tmpdir(), 'actp-docs-'));
  const policyFile = join(folder, 'policy.yaml');
  let policy = await readFile(join(root, shippedPolicy), 'utf8');
  await writeFile(policyFile, policy);
  const outside = await startOutsideServices('ledger');
  outside.brave.setHits([
    {
      title: 'How tides are predicted',
      url: 'http://10.0.0.7/tides',
      description:
        'Tides are predicted from the places of the moon and the sun, and from what a harbour has seen.',
    },
  ]);
  const { GROQ_API_KEY: _groq, GEMINI_API_KEY: _gemini, ...services } = outside.settings;
  const plane = await startPlane({
    SELFTEST_CONFIG: 'e2e/src/task-flow/no-self-test.yaml',
    POLICY_FILE: policyFile,
    ...services,
  });
  const person = createPerson(plane.url, plane.operator.email, plane.operator.password);
  await person.logIn();
  const login = await createCaller(plane.url, () => undefined)('/v1/auth/login', {
    method: 'POST',
    body: { email: plane.operator.email, password: plane.operator.password },
    expect: 200,
  });
  const operator = (login as { access_token: string }).access_token;
  // Commands are about the shipped policy, where the page names no other.
  const { POLICY_FILE: _policy, ...settings } = plane.settings;
  const envFile = join(folder, 'plane.env');
  const { WORKER_SECRET = '', OPERATOR_PASSWORD = '' } = plane.settings;
  await writeFile(envFile, `WORKER_SECRET=${WORKER_SECRET}\nOPERATOR_PASSWORD=${OPERATOR_PASSWORD}\n`);
  const environment = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
    NO_COLOR: '1',
    // What npm says about the script is not shown on the pages.
    npm_config_loglevel: 'silent',
    ...settings,
    OPERATOR_EMAIL: plane.operator.email,
    URL: plane.url,
    ACTP_URL: plane.url,
    TOKEN: operator,
    OPERATOR: operator,
  };

  async function reloads(): Promise<number> {
    const { events } = (await person.call('/v1/audit?action_type=policy.reload&limit=200', {
      expect: 200,
    })) as { events: Array<{ agent_id: string }> };
    return events.filter(({ agent_id }) => agent_id === 'gateway').length;
  }

  return {
    environment,
    /** What its start has printed, as on the page: with the default port, and with the password in the file that a start makes. */
    printed: (): string =>
      plane
        .printed()
        .replaceAll(plane.url, 'http://127.0.0.1:8787')
        .replace('OPERATOR_PASSWORD in the environment', 'OPERATOR_PASSWORD in ./.env'),
    /** A command as it stands on a page, for this plane. */
    localized: (command: string, values: Values): string =>
      withValues(command, values)
        .replaceAll('http://127.0.0.1:8787', plane.url)
        .replaceAll('./.env', envFile),
    async openPage(): Promise<ShellSession> {
      const session = openShellSession(root, environment);
      await session.run(prelude);
      return session;
    },
    /** Has the plane follow another policy file of the checkout, and waits until it is in force. */
    async usePolicy(file = shippedPolicy): Promise<void> {
      const wanted = await readFile(join(root, file), 'utf8');
      if (wanted === policy) return;
      const before = await reloads();
      await writeFile(policyFile, wanted);
      policy = wanted;
      await eventually(async () => (await reloads()) > before);
    },
    /** Approves whatever waits, until it is told to end. */
    approveEverything(): () => Promise<void> {
      const approvePending = async () => {
        const { approvals } = (await person.call('/v1/approvals?status=pending', { expect: 200 })) as {
          approvals: Decidable[];
        };
        for (const { id, action_digest } of approvals) {
          const body = { decision: 'approved', action_digest };
          await person.call(`/v1/approvals/${id}/decision`, { method: 'POST', body, expect: 200 });
        }
      };
      const end = new AbortController();
      const approving = (async () => {
        while (!end.signal.aborted) {
          // What a busy plane does not answer is asked again.
          await approvePending().catch(() => undefined);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      })();
      return async () => {
        end.abort();
        await approving;
      };
    },
    async stop(): Promise<void> {
      await plane.clean();
      await outside.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
