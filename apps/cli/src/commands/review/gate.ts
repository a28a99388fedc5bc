import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { basename, resolve, sep } from 'node:path';
import { toolEnvironment } from '@actp/review/audit/tool-environment';
import { shown } from '@actp/review/findings/finding';
import { compareLockFiles } from '@actp/review/gate/compare-lock-files';
import {
  gateDetails,
  type ComparedWith,
  type GateAction,
  type GateDetails,
} from '@actp/review/gate/gate-details';
import { lookAtChange, type Surroundings } from '@actp/review/gate/look-at-change';
import { LockFileError, type ReadLockFile } from '@actp/review/lock-files/lock-file';
import { readLockFile } from '@actp/review/lock-files/read-lock-file';
import { readProjectsConfig, type Project } from '@actp/review/projects/projects-config';
import { npmRegistry } from '@actp/review/registry/npm-registry';
import { settings } from '@actp/shared/settings';
import { CliError } from '../../cli-error.ts';
import type { Cli } from '../../command.ts';
import { askPlane, planeClient, type Answer } from './ask-plane.ts';
import { gitLockFiles, namedLockFiles, type LockFilePair, type LockFileText } from './changed-lock-files.ts';
import { gitRoot } from './git.ts';
import { lockFileName } from './lock-file-name.ts';

export interface GateOptions {
  before: string | undefined;
  after: string | undefined;
  base: string | undefined;
  waitSeconds: number;
  /** Asks no registry. */
  offline: boolean;
  again: boolean;
}

export interface GateReport {
  lock_file: string;
  action: GateAction;
  details: GateDetails;
  answer: Answer;
}

const actions: readonly GateAction[] = ['dependency.add', 'dependency.update'];

/**
 * Asks the plane about every dependency that is new or changed, one lock file after the other; ends at the first answer that is no
 * yes.
 *
 * @throws CliError for what cannot be compared or asked
 */
export async function gate(cli: Cli, options: GateOptions): Promise<GateReport[]> {
  const root = await rootOf(options);
  const surroundings = await surroundingsOf(cli, root, options.offline);
  const { pairs, base } = await comparedFiles(cli, options, root, surroundings.project);
  const reports: GateReport[] = [];
  for (const pair of pairs) {
    for (const [action, details] of await questionsOf(pair, base, surroundings)) {
      const client = await planeClient(cli);
      const answer = await askPlane(client, action, details, {
        waitSeconds: options.waitSeconds,
        again: options.again,
        onPending: (text) => void cli.err.write(`${shown(`${pair.path}: ${action}: ${text}`, 1_000)}\n`),
      });
      reports.push({ lock_file: pair.path, action, details, answer });
      if (answer.state === 'refused' || answer.state === 'failed') return reports;
    }
  }
  return reports;
}

async function rootOf({ before, after, base }: GateOptions): Promise<string> {
  if (before === undefined && after === undefined) return gitRoot(resolve('.'));
  if (before === undefined || after === undefined || base !== undefined) {
    throw new CliError('--before and --after belong together, and take no --base.', { usage: true });
  }
  return resolve(after, '..');
}

/** The base that the operator has configured counts for more than the one of the command line. */
async function comparedFiles(
  cli: Cli,
  { before, after, base }: GateOptions,
  root: string,
  project: Project,
): Promise<{ pairs: LockFilePair[]; base: ComparedWith }> {
  if (before !== undefined && after !== undefined) {
    const { pairs } = await namedLockFiles(before, after);
    return { pairs, base: { from: 'files', name: undefined, commit: undefined } };
  }
  if (project.base !== undefined && base !== undefined && base !== project.base) {
    cli.err.write(`--base is not used: PROJECTS_CONFIG names ${project.base} for ${project.name}.\n`);
  }
  const name = project.base ?? base;
  const { pairs, commit } = await gitLockFiles(root, name);
  const from = project.base === undefined ? (base === undefined ? 'HEAD' : 'command line') : 'configuration';
  return { pairs, base: { from, name, commit } };
}

async function surroundingsOf(cli: Cli, root: string, offline: boolean): Promise<Surroundings> {
  const { PROJECTS_CONFIG, OSV_DATA } = await cli.plane.settings({
    PROJECTS_CONFIG: settings.PROJECTS_CONFIG,
    OSV_DATA: settings.OSV_DATA,
  });
  const config = await readProjectsConfig(resolve(cli.root, PROJECTS_CONFIG));
  if (!config.ok) throw new CliError(`PROJECTS_CONFIG cannot be used: ${config.problem}`);
  const project: Project = (await projectAt(config.value.projects, cli.root, root)) ?? {
    name: basename(root),
    path: root,
    ecosystems: ['npm', 'pip'],
  };
  const env = toolEnvironment(cli.environment);
  const { signal } = new AbortController();
  return {
    project,
    rules: config.value.rules,
    root,
    osvData: OSV_DATA,
    env,
    now: new Date(),
    signal,
    registry: offline ? undefined : { registry: await npmRegistry(root, env, signal), signal },
  };
}

async function projectAt(
  projects: readonly Project[],
  from: string,
  root: string,
): Promise<Project | undefined> {
  const real = (path: string) => realpath(path).catch(() => path);
  const wanted = await real(root);
  const paths = await Promise.all(projects.map(({ path }) => real(resolve(from, path))));
  const exact = projects.find((_, at) => paths[at] === wanted);
  if (exact?.base !== undefined) return exact;
  // A part of a repository cannot be compared with another commit than the rest.
  const inside = projects.filter((_, at) => paths[at]?.startsWith(`${wanted}${sep}`) === true);
  const bases = new Set(inside.flatMap(({ base }) => base ?? []));
  if (bases.size > 1) {
    throw new CliError(`PROJECTS_CONFIG names several bases for one repository: ${[...bases].join(', ')}`);
  }
  const [base] = bases;
  const found = exact ?? { name: basename(root), path: root, ecosystems: ['npm', 'pip'] };
  return base === undefined ? exact : { ...found, base };
}

async function questionsOf(
  { path, before, after, readAs, includesCompared }: LockFilePair,
  base: ComparedWith,
  surroundings: Surroundings,
): Promise<Array<[GateAction, GateDetails]>> {
  const old = before === undefined ? undefined : parsed(before, readAs, 'before');
  const read = parsed(after, readAs, 'now');
  const now = includesCompared ? read : withIncludesUnread(read);
  const change = compareLockFiles(old, now);
  const { added, updated, options, terms, unread } = change;
  if ([added, updated, options, terms, unread].every(({ length }) => length === 0)) return [];
  const lookedAt = await lookAtChange(old, now, change, surroundings);
  const files = {
    project: surroundings.project.name,
    path,
    beforeSha256: before === undefined ? undefined : sha256(before.text),
    afterSha256: sha256(after.text),
    base,
  };
  return actions.flatMap((action): Array<[GateAction, GateDetails]> => {
    const details = gateDetails(action, files, lookedAt, surroundings.now);
    return details === undefined ? [] : [[action, details]];
  });
}

const withIncludesUnread = (file: ReadLockFile): ReadLockFile => ({
  ...file,
  unread: [...file.unread, ...file.includes.map((path) => `takes in ${path}, which is not compared`)],
});

function parsed({ path, text }: LockFileText, readAs: string | undefined, when: string): ReadLockFile {
  try {
    return readLockFile(path, text, readAs ?? lockFileName(path, text));
  } catch (error) {
    if (!(error instanceof LockFileError)) throw error;
    throw new CliError(`${shown(path, 300)} (${when}) ${error.message}`, { cause: error });
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
