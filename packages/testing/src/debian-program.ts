import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { findProgram } from '@actp/embedded/find-program';
import { atEnd } from './at-end.ts';

const run = promisify(execFile);

/** A program to run, and what it needs in its environment. */
export interface Program {
  file: string;
  env: Record<string, string>;
}

/**
 * A program of Debian's for a long test: the installed one, or taken out of its packages without installing them.
 *
 * @param packages it and the libraries that are not in every system
 * @throws Error when neither can be had
 */
export async function debianProgram(name: string, packages: readonly string[]): Promise<Program> {
  const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
  const installed = await findProgram([name], path);
  if (installed !== undefined) return { file: installed, env: { PATH: path } };
  const folder = await mkdtemp(join(tmpdir(), 'actp-debian-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  try {
    await run('apt-get', ['download', ...packages], { cwd: folder });
    const files = (await readdir(folder)).filter((file) => file.endsWith('.deb'));
    for (const file of files) await run('dpkg-deb', ['-x', file, '.'], { cwd: folder });
  } catch (cause) {
    throw new Error(`install ${name} for this test: it cannot be taken from Debian's packages`, { cause });
  }
  const file = await findProgram([name], `${join(folder, 'usr/sbin')}:${join(folder, 'usr/bin')}`);
  if (file === undefined) throw new Error(`${name} is not in ${packages.join(', ')}`);
  return { file, env: { PATH: path, LD_LIBRARY_PATH: join(folder, 'usr/lib/x86_64-linux-gnu') } };
}
