import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileName, readRows } from '@actp/screening/evaluate/rows';
import { weightsModule } from '@actp/screening/train/weights-module';
import { sampleProblem } from '../sample-problem.ts';
import type { AddCommand } from '../command.ts';

const weightsFile = join('packages', 'screening', 'src', 'model', 'weights.ts');

/** `train [folder]`: fits the screening model to the rows of a folder. */
export const train: AddCommand = (program, cli) => {
  program
    .command('train')
    .argument('[folder]', 'holds injection.jsonl (../shared/data)')
    .summary('fit the screening model')
    .description(
      `Fits the screening model to the rows of a folder, and writes its weights to ${weightsFile}. ` +
        'The same rows give the same weights, bit for bit. Without data it does nothing.',
    )
    .action(async (given: string | undefined) => {
      const folder = given === undefined ? join(cli.root, '../shared/data') : resolve(given);
      const rows = await readRows(folder).catch((error: unknown) => {
        throw sampleProblem(join(folder, fileName), error);
      });
      if (rows === undefined) {
        cli.say(`There is no ${fileName} in ${folder}: the weights stay as they are.`);
        return;
      }
      const file = join(cli.root, weightsFile);
      await writeFile(file, weightsModule(rows));
      cli.say(`Fitted to ${rows.length} texts; written to ${file}`);
    });
};
