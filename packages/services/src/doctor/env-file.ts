import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';
import { readEnvFile } from '@actp/shared/env-file/read';
import { ConfigError } from '@actp/shared/errors';
import { fail, off, ok, type Check, type Finding } from './finding.ts';

const name = '.env';
const gitMs = 3_000;

/**
 * Whether `.env` is there, can be read as a shell does, and is for its owner alone: on this machine and in git.
 *
 * @param file the one with the settings that run; undefined: they came otherwise
 */
export const envFileCheck = (file: string | undefined): Check => ({
  name,
  async look() {
    if (file === undefined) {
      return off(
        name,
        'settings came in the environment alone; npm run doctor looks at a file of the machine',
      );
    }
    const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (found === undefined)
      return off(name, 'does not exist yet', 'npm start makes it; npm run setup as well');
    const problems = [...modeProblem(found.mode), ...(await formProblems(file)), ...(await gitProblem(file))];
    return problems.length > 0 ? problems : ok(name, 'readable by its owner alone, not in git');
  },
});

function modeProblem(mode: number): Finding[] {
  if ((mode & 0o077) === 0) return [];
  const bits = (mode & 0o777).toString(8).padStart(4, '0');
  return [fail(name, `mode ${bits}: other users can get at its secrets`, 'chmod 600 .env')];
}

async function formProblems(file: string): Promise<Finding[]> {
  try {
    await readEnvFile(file);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ key, rule }) =>
      // The key is the whole path of the file and a line.
      fail(name, `${key.replace(file, basename(file))}: ${rule}`, 'Correct that line'),
    );
  }
}

async function gitProblem(file: string): Promise<Finding[]> {
  try {
    await promisify(execFile)('git', ['ls-files', '--error-unmatch', '--', basename(file)], {
      cwd: dirname(file),
      timeout: gitMs,
    });
  } catch {
    // Not tracked, no checkout, or no git.
    return [];
  }
  return [
    fail(
      name,
      'is tracked by git: whoever gets the repository gets its secrets',
      'git rm --cached .env, then replace every secret in it',
    ),
  ];
}
