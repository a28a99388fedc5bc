import { replacePrivateFile, withFileLock } from '@actp/embedded/private-file';
import { editEnv } from '@actp/shared/env-file/edit';
import { parseEnvFile } from '@actp/shared/env-file/parse';
import { readEnvFile } from '@actp/shared/env-file/read';
import { CliError } from '../../cli-error.ts';

const head = `# Settings of this copy. Keep this file private; the environment takes precedence.
# Every setting is described in .env.example.
`;

/**
 * Writes settings into `.env` in one step; a copy that starts at the same moment takes its turn.
 *
 * @throws CliError with a remedy when it cannot be written; the file is then as it was
 */
export async function writeChanges(file: string, changes: ReadonlyMap<string, string | null>): Promise<void> {
  await withFileLock(file, async () => {
    const { text } = await readEnvFile(file);
    const edited = editEnv(text === '' ? head : text, changes);
    // What is written is read as it is meant, or not written at all.
    parseEnvFile(edited, file);
    try {
      await replacePrivateFile(file, edited);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
      throw new CliError(
        `${file} cannot be written (${code}).\nMake its folder writable for this user, and run this again.`,
        {
          cause: error,
        },
      );
    }
  });
}
