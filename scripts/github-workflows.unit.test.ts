import { readdirSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

/* What GitHub runs for this repository: valid by GitHub's own schema of workflows, and with no more rights than it needs. */

// GitHub's parser imports JSON as bundlers do, and Node.js does not.
const hooks = registerHooks({
  load: (url, context, next) =>
    next(
      url,
      /workflow-parser.*\.json$/.test(url) ? { ...context, importAttributes: { type: 'json' } } : context,
    ),
});
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } =
  await import('@actions/workflow-parser');
hooks.deregister();

const folder = join(import.meta.dirname, '../.github/workflows');
const files = readdirSync(folder);
const textOf = (file: string) => readFileSync(join(folder, file), 'utf8');

const Permissions = z.record(z.string(), z.enum(['read', 'write']));
const Step = z.strictObject({
  name: z.string().optional(),
  uses: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  env: z.record(z.string(), z.unknown()).optional(),
  run: z.string().optional(),
});
const Workflow = z.looseObject({
  on: z.record(z.string(), z.unknown()),
  permissions: z.strictObject({}),
  jobs: z.record(
    z.string(),
    z.looseObject({
      'runs-on': z.string(),
      'timeout-minutes': z.number().max(60),
      permissions: Permissions,
      steps: z.array(Step).min(1),
    }),
  ),
});
const read = (file: string) => Workflow.parse(parse(textOf(file)));

/** Every right to write that a job has, and why it needs it. */
const writers: Readonly<Record<string, readonly string[]>> = {
  // Code scanning shows what was found.
  'codeql.yml': ['security-events'],
  // Signs what a tag stands for.
  'release.yml': ['attestations', 'id-token'],
};

describe.each(files)('[NEXT-004] .github/workflows/%s', (file) => {
  const text = textOf(file);
  const { on, jobs } = read(file);
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  it('is valid by the schema that GitHub publishes', async () => {
    const { context, value } = parseWorkflow({ name: file, content: text }, new NoOperationTraceWriter());
    if (value !== undefined) await convertWorkflowTemplate(context, value);
    expect(context.errors.getErrors().map(({ message }) => message)).toEqual([]);
  });

  it('takes actions by their full commit, with the version beside it', () => {
    const lines = text.split('\n').filter((line) => /\buses:/.test(line));
    expect(lines).toHaveLength(steps.filter(({ uses }) => uses !== undefined).length);
    for (const line of lines) {
      expect(line).toMatch(/uses: [\w-]+\/[\w-]+(?:\/[\w-]+)*@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it('leaves no token behind in the checkout', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.length).toBeGreaterThan(0);
    for (const checkout of checkouts) expect(checkout.with?.['persist-credentials']).toBe(false);
  });

  it('writes nothing beyond what it is for', () => {
    const granted = Object.values(jobs).flatMap(({ permissions }) =>
      Object.entries(permissions)
        .filter(([, level]) => level === 'write')
        .map(([right]) => right),
    );
    expect(granted.toSorted()).toEqual(writers[file] ?? []);
  });

  it('does not run with the rights of the repository for what a stranger sends, and uses no secret', () => {
    const risky = ['pull_request_target', 'workflow_run', 'issue_comment', 'issues', 'discussion'];
    expect(Object.keys(on).filter((event) => risky.includes(event))).toEqual([]);
    expect(text).not.toMatch(/\bsecrets\s*[.[]/);
    expect(text).not.toContain('secrets: inherit');
  });

  it('pastes no expression into a script', () => {
    // A branch or a title may be a command; an environment variable is data.
    for (const { run } of steps) expect(run ?? '').not.toContain('${{');
  });

  it('runs nothing of its own from the network that it has not compared with a hash', () => {
    for (const { run = '' } of steps) {
      expect(run).not.toMatch(/\b(?:curl|wget)\b[^\n]*\|\s*(?:sudo\s+)?(?:ba|z)?sh\b/);
      if (/\b(?:curl|wget)\b/.test(run)) expect(run).toContain('sha256sum --check --strict');
    }
  });
});

it('[NEXT-004] has the same commit for an action wherever it is used', () => {
  const used = files.flatMap((file) =>
    [...textOf(file).matchAll(/uses: ([\w-]+\/[\w-]+)\S*@([0-9a-f]{40})/g)].map(([, name, commit]) => [
      name,
      commit,
    ]),
  );
  const commits = Map.groupBy(used, ([name]) => name);
  for (const [name, pairs] of commits) expect(new Set(pairs.map(([, commit]) => commit)).size, name).toBe(1);
});

it('[SEC-017] [NEXT-004] checks, tests, reviews dependencies and looks for secrets in every change', () => {
  const commands = files
    .filter((file) => 'pull_request' in read(file).on)
    .flatMap((file) => Object.values(read(file).jobs).flatMap(({ steps }) => steps))
    .map(({ uses, run }) => uses ?? run ?? '');
  for (const wanted of [
    'npm run check',
    'npm test',
    'codeql-action/analyze',
    'dependency-review-action',
    'gitleaks',
  ])
    expect(
      commands.some((command) => command.includes(wanted)),
      wanted,
    ).toBe(true);
});
