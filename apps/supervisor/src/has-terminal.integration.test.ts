import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import process from 'node:process';
import { expect, it } from 'vitest';

const module = fileURLToPath(new URL('./has-terminal.ts', import.meta.url));
const program = `import('${module}').then(({ hasTerminal }) => console.log('terminal ' + hasTerminal()))`;
const inTerminal = `'${process.execPath}' -e "${program}"`;

/** What it says; `script` of util-linux gives it a terminal, `setsid` takes it away. */
const said = (...words: [string, ...string[]]) =>
  execFileSync(words[0], words.slice(1), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

it('[OPS-002] SIGHUP means another thing where a terminal sends it', () => {
  expect(said('script', '-qec', inTerminal, '/dev/null')).toContain('terminal true');
  expect(said('setsid', '--wait', process.execPath, '-e', program)).toContain('terminal false');
});
