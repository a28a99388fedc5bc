import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { madeUpReport, sampleReport } from '@actp/redaction/evaluate/report';
import type { AddCommand } from '../../command.ts';

/** `evaluate redaction [folder]`: recall and false redactions. */
export const redaction: AddCommand = (group, cli) => {
  group
    .command('redaction')
    .argument('[folder]', 'holds secrets.jsonl')
    .argument('[seed]', 'of the texts that are made up', '1')
    .summary('secrets (packages/redaction)')
    .description('Recall and false redactions, on secrets.jsonl for each kind, and on text that is made up.')
    .action((folder: string | undefined, seed: string) => {
      const file = join(
        folder === undefined ? join(cli.root, '../shared/data') : resolve(folder),
        'secrets.jsonl',
      );
      const lines = existsSync(file)
        ? sampleReport(readFileSync(file, 'utf8'))
        : [`There is no ${file}. Name the folder: npm run evaluate -- redaction <folder>`];
      for (const line of [...lines, ...madeUpReport(Number(seed))]) cli.say(line);
    });
};
