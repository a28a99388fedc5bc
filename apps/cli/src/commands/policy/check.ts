import { resolve } from 'node:path';
import { problemLine, readPolicy } from '@actp/policy/load-policy';
import type { AddCommand } from '../../command.ts';
import { fileOption, policySettings } from './options.ts';

/** `policy check [file]`: is it valid, and if not, where not? */
export const check: AddCommand = (group, cli) => {
  group
    .command('check')
    .argument('[file]', 'the policy file; the one in force unless given')
    .addOption(fileOption())
    .summary('is the file valid?')
    .description(
      'Checks a policy file. When it is not valid, prints every problem with its line and exits 1.',
    )
    .action(async (given: string | undefined, options: { file?: string }) => {
      const { file } = await policySettings(cli, options.file);
      const read = await readPolicy(given === undefined ? file : resolve(given));
      const name = given ?? file;
      if (read.ok) {
        const { policy, version } = read.loaded;
        const gates = `${policy.gates.length} gate${policy.gates.length === 1 ? '' : 's'}`;
        cli.say(`${name} is valid: ${gates}, default ${policy.defaults.effect}, version ${version}`);
        return;
      }
      if (read.problems.length === 0) cli.say(`${name}: ${read.problem}`);
      for (const problem of read.problems) cli.say(`${name}: ${problemLine(problem)}`);
      cli.setExitCode(1);
    });
};
