import type { AddCommand } from '../../command.ts';
import { approve, reject } from './decisions.ts';
import { list } from './list.ts';
import { login, logout } from './sessions.ts';
import { show } from './show.ts';

const more = `
npm run approvals -- <command> --help lists the options of a command.
The plane is the one of the settings (.env), or ACTP_URL. Who you are: the session of npm run approvals -- login, which
a command asks for at a terminal; or a token, in ACTP_TOKEN or --token-file. The session is kept in
$XDG_STATE_HOME/actp-worker (~/.local/state/actp-worker), readable by you alone.
Exit code: 0 done; 1 refused, or it failed; 2 wrong usage or settings; 130 ended with Ctrl-C`;

/** `approvals`: deciding without Telegram. */
export const approvals: AddCommand = (program, cli) => {
  const group = program
    .command('approvals')
    .helpCommand(false)
    .summary('list, show, approve and reject what waits for a person')
    .description('Decides about what agents ask for, as an operator, without Telegram.')
    .addHelpText('after', more);
  for (const add of [list, show, approve, reject, login, logout]) add(group, cli);
};
