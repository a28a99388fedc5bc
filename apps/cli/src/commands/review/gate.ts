import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { toolEnvironment } from '@actp/review/audit/tool-environment';
import { shown } from '@actp/review/findings/finding';
import { compareLockFiles } from '@actp/review/gate/compare-lock-files';
import { gateDetails, type GateAction, type GateDetails } from '@actp/review/gate/gate-details';
import { lookAtChange, type Surroundings } from '@actp/review/gate/look-at-change';
import { LockFileError, type LockFile } from '@actp/review/lock-files/lock-file';
import { readLockFile } from '@actp/review/lock-files/read-lock-file';
import { readProjectsConfig, type Project } from '@actp/review/projects/projects-config';
import { npmRegistry } from '@actp/review/registry/npm-registry';
import { settings } from '@actp/shared/settings';
import { CliError } from '../../cli-error.ts';
import type { Cli } from '../../command.ts';
import { askPlane, planeClient, type Answer } from './ask-plane.ts';
import { gitLockFiles, namedLockFiles, type LockFilePair, type LockFileText } from './changed-lock-files.ts';
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
  const { root, pairs } = await lockFilesOf(options);
  const surroundings = await surroundingsOf(cli, root, options.offline);
  const reports: GateReport[] = [];
  for (const pair of pairs) {
    for (const [action, details] of await questionsOf(pair, surroundings)) {
      const client = await planeClient(cli);
      const answer = await askPlane(client, action, details, {
        waitSeconds: options.waitSeconds,
        again: options.again,
        onPending: (text) => void cli.err.write(`${pair.path}: ${action}: ${text}\n`),
      });
      reports.push({ lock_file: pair.path, action, details, answer });
      if (answer.state === 'refused' || answer.state === 'failed') return reports;
    }
  }
  return reports;
}

async function lockFilesOf({ before, after, base }: GateOptions) {
  if (before === undefined && after === undefined) return gitLockFiles(resolve('.'), base);
  if (before === undefined || after === undefined || base !== undefined) {
    throw new CliError('--before and --after belong together, and take no --base.', { usage: true });
  }
  return namedLockFiles(before, after);
}

async function surroundingsOf(cli: Cli, root: string, offline: boolean): Promise<Surroundings> {
  const { PROJECTS_CONFIG, OSV_DATA } = await cli.plane.settings({
    PROJECTS_CONFIG: settings.PROJECTS_CONFIG,
    OSV_DATA: settings.OSV_DATA,
  });
  const config = await readProjectsConfig(resolve(cli.root, PROJECTS_CONFIG));
  if (!config.ok) throw new CliError(`PROJECTS_CONFIG cannot be used: ${config.problem}`);
  const project: Project = config.value.projects.find(({ path }) => resolve(cli.root, path) === root) ?? {
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

async function questionsOf(
  { path, before, after }: LockFilePair,
  surroundings: Surroundings,
): Promise<Array<[GateAction, GateDetails]>> {
  const old = before === undefined ? undefined : parsed(before, 'before');
  const now = parsed(after, 'now');
  const change = compareLockFiles(old, now);
  if (change.added.length + change.updated.length === 0) return [];
  const lookedAt = await lookAtChange(old, now, change, surroundings);
  const files = {
    project: surroundings.project.name,
    path,
    beforeSha256: before === undefined ? undefined : sha256(before.text),
    afterSha256: sha256(after.text),
  };
  return actions.flatMap((action): Array<[GateAction, GateDetails]> => {
    const details = gateDetails(action, files, lookedAt, surroundings.now);
    return details === undefined ? [] : [[action, details]];
  });
}

function parsed({ path, text }: LockFileText, when: string): LockFile {
  try {
    return { ...readLockFile(lockFileName(path, text), text), path };
  } catch (error) {
    if (!(error instanceof LockFileError)) throw error;
    throw new CliError(`${shown(path, 300)} (${when}) ${error.message}`, { cause: error });
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
