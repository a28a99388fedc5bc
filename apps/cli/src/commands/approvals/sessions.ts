import { messageOf } from '@actp/shared/errors';
import { CliError } from '../../cli-error.ts';
import type { AddCommand } from '../../command.ts';
import { logIn } from '../../gateway/log-in.ts';
import { withGateway } from '../../gateway/operator.ts';
import { reach } from '../../gateway/operator-client.ts';
import { refusalOf } from '../../gateway/problem.ts';

/** `approvals login`: asks for the password and keeps the session. */
export const login: AddCommand = (group, cli) => {
  group
    .command('login')
    .option('--email <address>', 'the account (asked for at a terminal; OPERATOR_EMAIL)')
    .summary('log in, and keep the session')
    .description(
      'Asks for e-mail address and password, and keeps the session in a file that only you can read. ' +
        'From a pipe it reads the password as one line. OPERATOR_PASSWORD is not read.',
    )
    .action(({ email }: { email?: string }) =>
      withGateway(cli, async (access) => {
        const session = await logIn({ cli, ...access }, email);
        cli.say(`Logged in as ${session.email} at ${session.url} until ${session.expires_at}.`);
      }),
    );
};

/** `approvals logout`: ends the session at the server and deletes the file. */
export const logout: AddCommand = (group, cli) => {
  group
    .command('logout')
    .summary('end the session, and delete its file')
    .description('Ends the session at the plane, and deletes the file that holds it.')
    .action(() =>
      withGateway(cli, async ({ gateway, file }) => {
        const session = await file.read();
        if (session === undefined) {
          cli.say(`Not logged in at ${gateway.url.origin}.`);
          return;
        }
        const headers = { authorization: `Bearer ${session.token}` };
        const kept = `The session still lives: ${file.path} stays, to try again.`;
        const { status, body } = await reach(gateway, '/v1/auth/logout', { method: 'POST', headers }).catch(
          (error: unknown) => {
            throw new CliError(`${messageOf(error)}\n${kept}`, {
              cause: error,
              exitCode: 1,
            });
          },
        );
        // 401: it has ended before.
        if (status !== 204 && status !== 401) throw refusalOf(status, body, kept);
        await file.remove();
        cli.say(`Logged out at ${gateway.url.origin}.`);
      }),
    );
};
