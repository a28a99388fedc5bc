import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import type { CodeBlock } from './code-blocks.ts';
import { root } from './documented-plane.ts';

const run = promisify(execFile);

// The program imports our packages by their names, from wherever it is.
const paths = Object.fromEntries(
  readdirSync(join(root, 'packages')).flatMap((name) => [
    [`@actp/${name}`, [join(root, 'packages', name, 'src/index.ts')]],
    [`@actp/${name}/*`, [join(root, 'packages', name, 'src/*.ts')]],
  ]),
);

/** Compiles each of them as a file of its own, as strictly as the project. @returns what the compiler says; empty when they compile */
export async function compilePrograms(blocks: readonly CodeBlock[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'actp-programs-'));
  try {
    for (const { place, text } of blocks) {
      await writeFile(join(folder, `${place.replaceAll(/[/:.]/g, '-')}.ts`), `${text}\nexport {};\n`);
    }
    const config = {
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: { paths, typeRoots: [join(root, 'node_modules/@types')] },
      include: ['*.ts'],
    };
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
    await run(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { cwd: folder });
    return '';
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Runs it where the package that it imports is found. @returns what it printed @throws when it ends with an error */
export async function runProgram(text: string, env: NodeJS.ProcessEnv): Promise<string> {
  const [, name] = /from '@actp\/([a-z-]+)/.exec(text) ?? [];
  const cwd = name === undefined ? root : join(root, 'packages', name);
  const options = ['--input-type=module-typescript', '--eval', text];
  const running = run(process.execPath, options, { cwd, env });
  running.child.stdin?.end('password: a secret that has to go\n');
  return (await running).stdout;
}
