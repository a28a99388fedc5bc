import { join, resolve } from 'node:path';
import { report } from '@actp/screening/evaluate/report';
import { fileName, readRows } from '@actp/screening/evaluate/rows';
import { crossValidate } from '@actp/screening/evaluate/cross-validate';
import { sampleProblem } from '../../sample-problem.ts';
import type { AddCommand } from '../../command.ts';

/** `evaluate injection [folder]`: recall and false alarms. */
export const injection: AddCommand = (group, cli) => {
  group
    .command('injection')
    .argument('[folder]', 'holds injection.jsonl')
    .summary('injected instructions and commands (packages/screening)')
    .description(
      'Recall and false alarms on injection.jsonl. The model is judged on rows that it was not fitted to.',
    )
    .action(async (given: string | undefined) => {
      const folder = given === undefined ? join(cli.root, '../shared/data') : resolve(given);
      const rows = await readRows(folder).catch((error: unknown) => {
        throw sampleProblem(join(folder, fileName), error);
      });
      if (rows === undefined) cli.say(`There is no ${fileName} in ${folder}: nothing was evaluated.`);
      else for (const line of report(rows, crossValidate(rows))) cli.say(line);
    });
};
