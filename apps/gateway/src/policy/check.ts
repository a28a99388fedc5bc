import { resolve } from 'node:path';
import { problemLine, readPolicy } from '@actp/policy/load-policy';
import type { CommandLine } from './command-line.ts';

/** `check [file]`: is it valid, and if not, where not? */
export async function check({ words, file }: CommandLine, say: (line: string) => void): Promise<number> {
  const [given] = words;
  const read = await readPolicy(given === undefined ? file : resolve(given));
  const name = given ?? file;
  if (read.ok) {
    const { policy, version } = read.loaded;
    const gates = `${policy.gates.length} gate${policy.gates.length === 1 ? '' : 's'}`;
    say(`${name} is valid: ${gates}, default ${policy.defaults.effect}, version ${version}`);
    return 0;
  }
  if (read.problems.length === 0) say(`${name}: ${read.problem}`);
  for (const problem of read.problems) say(`${name}: ${problemLine(problem)}`);
  return 1;
}
