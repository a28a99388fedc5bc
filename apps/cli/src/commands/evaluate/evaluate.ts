import type { AddCommand } from '../../command.ts';
import { injection } from './injection.ts';
import { redaction } from './redaction.ts';

/** `evaluate`: how well a detector recognises what it should, on rows that are not part of the project. */
export const evaluate: AddCommand = (program, cli) => {
  const group = program
    .command('evaluate')
    .helpCommand(false)
    .summary('measure the detectors on samples of your own')
    .description('Measures how much a detector finds of what it should, and how often it is wrong.')
    .addHelpText(
      'after',
      '\nThe folder holds the samples (../shared/data); without it there is nothing to do, and the exit code is 0.',
    );
  for (const add of [redaction, injection]) add(group, cli);
};
