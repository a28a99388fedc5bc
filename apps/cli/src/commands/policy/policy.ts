import type { AddCommand } from '../../command.ts';
import { check } from './check.ts';
import { diff } from './diff.ts';
import { explain } from './explain.ts';
import { schema } from './schema.ts';

/** `policy`: what needs a person, and what a change of it would do. */
export const policy: AddCommand = (program, cli) => {
  const group = program
    .command('policy')
    .helpCommand(false)
    .summary('check, explain and compare policy files')
    .description('Checks a policy file, explains a decision, and compares a new file with the one in force.')
    .addHelpText(
      'after',
      '\nnpm run policy -- <command> --help lists the options of a command.\n' +
        'Exit code: 0 done; 1 the policy is not valid (check); 2 it could not be done',
    );
  for (const add of [check, explain, diff, schema]) add(group, cli);
};
