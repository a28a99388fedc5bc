import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { madeUpReport, sampleReport } from '@actp/redaction/evaluate/report';
import { sampleProblem } from '../../sample-problem.ts';
import type { AddCommand } from '../../command.ts';

/** `evaluate redaction [folder]`: recall and false redactions. */
export const redaction: AddCommand = (group, cli) => {
  group
    .command('redaction')
    .argument('[folder]', 'holds secrets.jsonl')
    .argument('[seed]', 'of the texts that are made up', wholeNumber, 1)
    .summary('secrets (packages/redaction)')
    .description('Recall and false redactions, on secrets.jsonl for each kind, and on text that is made up.')
    .action((folder: string | undefined, seed: number) => {
      const file = join(
        folder === undefined ? join(cli.root, '../shared/data') : resolve(folder),
        'secrets.jsonl',
      );
      const lines = existsSync(file)
        ? reportOf(file)
        : [`There is no ${file}. Name the folder: npm run evaluate -- redaction <folder>`];
      for (const line of [...lines, ...madeUpReport(seed)]) cli.say(line);
    });
};

function reportOf(file: string): string[] {
  try {
    return sampleReport(readFileSync(file, 'utf8'));
  } catch (error) {
    throw sampleProblem(file, error);
  }
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
