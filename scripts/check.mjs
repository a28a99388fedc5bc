// npm run check: format, lint, types, unused code, package boundaries. Every step runs, so that one run shows all.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { ensureInstalled } from './install.mjs';
import { binary, node24, pnpmSpec, repositoryRoot } from './paths.mjs';

await ensureInstalled();

const steps = [
  ['format', [binary('oxfmt'), '--check', '.'], 'node_modules/.bin/oxfmt . fixes it'],
  [
    'lint',
    [binary('oxlint'), '--type-aware', '--deny-warnings'],
    'node_modules/.bin/oxlint --type-aware --fix fixes some',
  ],
  // turbo looks for pnpm on the PATH, where npx puts it.
  [
    'types',
    [
      'npx',
      '--yes',
      '--package',
      pnpmSpec,
      '--',
      binary('turbo'),
      'run',
      'typecheck',
      '--output-logs=errors-only',
    ],
    'see above',
  ],
  ['scripts', [binary('tsc'), '--noEmit', '-p', 'tsconfig.json'], 'see above'],
  ['unused code', [node24, 'node_modules/knip/bin/knip.js'], 'remove what nobody uses'],
  [
    'unused code without tests',
    [node24, 'node_modules/knip/bin/knip.js', '--production', '--include', 'files,dependencies,unlisted'],
    'remove what only tests use',
  ],
  ['boundaries', [binary('turbo'), 'boundaries'], 'apps -> services -> db -> shared; apps never import apps'],
];
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };

const failed = [];
for (const [name, [program, ...words], remedy] of steps) {
  process.stdout.write(`\n== ${name}\n`);
  const { status } = spawnSync(program, words, { cwd: repositoryRoot, stdio: 'inherit', env });
  if (status !== 0) failed.push(`${name} (${remedy})`);
}
if (failed.length > 0) {
  process.stderr.write(`\nFailed: ${failed.join('; ')}\n`);
  process.exit(1);
}
process.stdout.write('\nAll checks passed.\n');
