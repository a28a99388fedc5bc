import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { policySchemaText } from '@actp/policy/policy-schema';
import type { AddCommand } from '../../command.ts';

/** `policy schema`: writes config/policy.schema.json as the code has it. */
export const schema: AddCommand = (group, cli) => {
  group
    .command('schema')
    .summary('write config/policy.schema.json')
    .description('Writes the JSON Schema of policy files, for editors, to config/policy.schema.json.')
    .action(async () => {
      const file = join('config', 'policy.schema.json');
      await writeFile(join(cli.root, file), policySchemaText());
      cli.say(`Wrote ${file}`);
    });
};
