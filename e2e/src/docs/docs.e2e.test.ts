import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { blockKind, howToMark, type BlockKind } from './block-kind.ts';
import { problemsOfDiagram, problemsOfJson, problemsOfYaml } from './check-data.ts';
import { codeBlocks, noteOf, type CodeBlock } from './code-blocks.ts';
import { consoleCommands, onlyLooks } from './console-commands.ts';
import { root, startDocumentedPlane, type DocumentedPlane } from './documented-plane.ts';
import type { ShellSession } from './shell-session.ts';
import { differenceOf, type Values } from './shown-output.ts';
import { compilePrograms, runProgram } from './typescript-program.ts';

/* Every example of the pages as it stands there. A block that nobody runs says why, in a comment directly above it. */

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  // The page on tasks goes on where this one ends.
  'docs/users.md',
  ...globSync('{docs,examples}/**/*.md', { cwd: root, exclude: ['**/node_modules/**'] })
    .filter((page) => page !== 'docs/users.md')
    .toSorted(),
  ...globSync('packages/*/README.md', { cwd: root }).toSorted(),
];
const blocks = pages.flatMap((page) => codeBlocks(page, readFileSync(join(root, page), 'utf8')));
const of = (...kinds: BlockKind[]) =>
  blocks.filter((block) => kinds.some((kind) => blockKind(block) === kind));
const has = (program: string, option = '--version') => spawnSync(program, [option]).status === 0;
const hasTools = has('curl') && has('npm');

it('every block is run or checked here, or says why it is not', () => {
  const nobodys = blocks.filter((block) => blockKind(block) === undefined);
  expect(
    nobodys.map(({ place }) => place),
    howToMark,
  ).toEqual([]);
  expect(blocks.length).toBeGreaterThan(60);
});

it.each(of('yaml'))('$place is valid', ({ text }) => expect(problemsOfYaml(text)).toEqual([]));
it.each(of('json'))('$place is JSON', ({ text }) => expect(problemsOfJson(text)).toEqual([]));
it.each(of('diagram'))('$place is a diagram', ({ text }) => expect(problemsOfDiagram(text)).toEqual([]));

it('the TypeScript programs compile as strictly as the project', async () => {
  expect(await compilePrograms(of('typescript'))).toBe('');
});

describe.skipIf(!hasTools)('on a running plane', () => {
  let plane: DocumentedPlane;
  let open: { page: string; shell: ShellSession; values: Values } | undefined;
  beforeAll(async () => {
    plane = await startDocumentedPlane();
  });
  afterAll(async () => {
    open?.shell.end();
    await plane.stop();
  });

  /** The shell of its page, with the things done that its comments ask for. */
  async function enter(block: CodeBlock) {
    if (open?.page !== block.page) {
      open?.shell.end();
      await plane.usePolicy();
      open = { page: block.page, shell: await plane.openPage(), values: new Map() };
    }
    const policy = noteOf(block, 'policy');
    if (policy !== undefined) await plane.usePolicy(policy);
    const before = noteOf(block, 'before');
    if (before !== undefined) await open.shell.run(plane.localized(before, open.values));
    return open;
  }

  it.each(of('start'))('$place is what the start prints', async ({ text }) => {
    const shown = `${text.replace(/^\$ npm start\n/, '')}\n...`;
    // The result of the first self-test follows.
    await eventually(() => differenceOf(shown, plane.printed(), new Map()) === undefined).catch(
      () => undefined,
    );
    expect(differenceOf(shown, plane.printed(), new Map()), plane.printed()).toBeUndefined();
  });

  it.each(of('console', 'shell', 'typescript', 'python'))('$place does what it shows', async (block) => {
    const { shell, values } = await enter(block);
    const kind = blockKind(block);
    if (kind === 'shell') {
      const { output, code } = await shell.run(plane.localized(block.text, values));
      expect(code, output).toBe(0);
    } else if (kind === 'typescript') {
      const done = plane.approveEverything();
      try {
        const program = plane.localized(block.text, values);
        await runProgram(program, plane.environment);
        if (noteOf(block, 'runs') === 'twice') await runProgram(program, plane.environment);
      } finally {
        await done();
      }
    } else if (kind === 'python') {
      // The syntax of this block is all that it promises without a plane's key.
      if (has('python3')) execFileSync('python3', ['-'], { input: block.text });
    } else {
      for (const { command, output } of consoleCommands(block.text)) {
        const look = async () => (await shell.run(plane.localized(command, values))).output;
        let seen = await look();
        let missing = differenceOf(output, seen, values);
        // What is under way is looked at again, and what a busy plane did not answer is asked again, as a person would.
        const wasBusy = () => seen.includes('"code":"unavailable"');
        if (missing !== undefined && (onlyLooks(command) || wasBusy())) {
          await eventually(
            async () => {
              seen = await look();
              missing = differenceOf(output, seen, values);
              return missing === undefined || !(onlyLooks(command) || wasBusy());
            },
            { every: 250 },
          ).catch(() => undefined);
        }
        expect(missing, `$ ${command}\n${seen}`).toBeUndefined();
      }
    }
  });
});
