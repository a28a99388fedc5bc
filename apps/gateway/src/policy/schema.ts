import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '@actp/policy/load-policy';
import { policySchemaText } from '@actp/policy/policy-schema';
import type { CommandLine } from './command-line.ts';

/** `schema`: writes config/policy.schema.json as the code has it. */
export async function schema(_line: CommandLine, say: (text: string) => void): Promise<number> {
  const file = join('config', 'policy.schema.json');
  await writeFile(join(repositoryRoot, file), policySchemaText());
  say(`${file} is written`);
  return 0;
}
