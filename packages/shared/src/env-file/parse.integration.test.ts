import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseEnvFile } from './parse.ts';

const folder = await mkdtemp(join(tmpdir(), 'actp-env-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const shells = ['/bin/sh', '/bin/bash', '/bin/dash', '/bin/busybox'].filter((path) => existsSync(path));

/** What a shell exports when it reads the file. */
function sourced(shell: string, names: readonly string[]): Record<string, string> {
  const words = shell.endsWith('busybox') ? ['sh'] : [];
  const output = execFileSync(shell, [...words, '-c', 'set -a; . ./.env; exec env -0'], {
    cwd: folder,
    env: { PATH: '/usr/bin:/bin' },
    encoding: 'utf8',
    // bash reads the start file of its user when its input is a socket.
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const entries = output.split('\0').map((entry) => entry.split(/=([^]*)/, 2));
  return Object.fromEntries(entries.filter(([name]) => names.includes(name ?? '')));
}

// What means something to a shell more often than the rest.
const signs = [
  ...'#\'"$`\\ \t~;&|<>(){}[]*?!=:,.-+^%@/\n'.split(''),
  'a',
  'b',
  'Z',
  '7',
  'é',
  '\u00a0',
  '漢',
  '😀',
];
const sign = fc.constantFrom(...signs);
const text = fc.array(sign, { maxLength: 12 }).map((all) => all.join(''));
const written = fc.oneof(
  text,
  text.map((value) => `'${value}'`),
  text.map((value) => `"${value}"`),
  text.map((value) => `"${value.replaceAll(/[\\"$`]/g, String.raw`\$&`)}"`),
  fc
    .tuple(text, text)
    .map(([value, comment]) => `'${value.replaceAll("'", '')}' #${comment.replaceAll('\n', '')}`),
);
const prefix = fc.constantFrom('', '', '', 'export ', ' ', '\t');
const lines = fc.array(fc.tuple(prefix, written), { minLength: 20, maxLength: 60 });

function isTaken(line: string): boolean {
  try {
    parseEnvFile(line, '.env');
    return true;
  } catch {
    return false;
  }
}

describe.each(shells)('.env in %s', (shell) => {
  it('means the same as at the start, whatever stands in it', async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(lines, fc.constantFrom('\n', '\r\n'), async (all, lineEnd) => {
        const usable = all
          .map(([before, value], index) => `${before}K${index}_=${value}\n`)
          .filter(isTaken)
          .join('')
          .replaceAll('\n', lineEnd);
        const parsed = parseEnvFile(`\uFEFF${usable}`, '.env');
        await writeFile(join(folder, '.env'), parsed.text);
        const names = Object.keys(parsed.values);
        taken += names.length;
        expect(sourced(shell, names)).toEqual(parsed.values);
      }),
      { numRuns: 60 },
    );
    // Most are refused; the rest has to be enough.
    expect(taken).toBeGreaterThan(300);
  });
});
