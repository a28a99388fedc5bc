import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf } from '@actp/shared/errors';
import { CliError } from '../../cli-error.ts';
import type { AddCommand } from '../../command.ts';
import { buildBom } from './build-bom.ts';
import { renderBom } from './render-bom.ts';
import { readSource } from './source.ts';

const more = `
Scopes: required and optional are used by what runs, excluded (with cdx:npm:package:development) builds and tests it.
Licences are those that installed packages declare; packages for other platforms have none. Redis is the one on this machine.

Environment: SOURCE_DATE_EPOCH (seconds since 1970) is the time in the document, which then is the same, byte for byte
Exit code: 0 written; 2 not written`;

/** `sbom`: what this repository and the plane are made of. */
export const sbom: AddCommand = (program, cli) => {
  program
    .command('sbom')
    .summary('write a software bill of materials')
    .description(
      'Writes a software bill of materials, CycloneDX 1.6 as JSON, from pnpm-lock.yaml, the manifests and what is installed. ' +
        'It names the programs of the plane as well: Node.js, Postgres, PostgREST, Redis.',
    )
    .option('--output <file>', 'write it into this file, not to standard output')
    .option('--json', 'JSON, the only format')
    .addHelpText('after', more)
    .action(async ({ output }: { output?: string }) => {
      const time = documentTime(cli.environment['SOURCE_DATE_EPOCH']);
      const source = await readSource(cli.root, cli.environment['PATH']);
      const bom = buildBom(source);
      const text = renderBom(bom, time);
      if (output === undefined) {
        cli.out.write(text);
        return;
      }
      await writeFile(resolve(output), text).catch((error: unknown) => {
        throw new CliError(`Cannot write ${output}: ${messageOf(error)}`, { cause: error });
      });
      cli.say(`${bom.components.size} components; written to ${output}`);
    });
};

/** @throws CliError for what is no number of seconds */
function documentTime(epoch: string | undefined): Date {
  if (epoch === undefined || epoch === '') return new Date();
  const time = new Date(Number(epoch) * 1000);
  if (/^\d{1,12}$/.test(epoch) && !Number.isNaN(time.getTime())) return time;
  throw new CliError('SOURCE_DATE_EPOCH has to be a number of seconds since 1970.');
}
