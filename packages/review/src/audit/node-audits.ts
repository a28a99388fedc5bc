import { join } from 'node:path';
import { messageOf } from '@actp/shared/errors';
import type { Observation } from '../findings/finding.ts';
import { lookedExcept } from '../findings/source-review.ts';
import type { LockFile } from '../lock-files/lock-file.ts';
import type { ProjectState } from '../project-state.ts';
import type { Source } from '../review-project.ts';
import { inAuditFolder } from './audit-folder.ts';
import { bringPnpm } from './bring-pnpm.ts';
import { readNpmReport, type Report } from './read-npm-report.ts';
import { runTool } from './run-tool.ts';
import { toolProblem } from './tool-problem.ts';

/** For tests: another time and size than usual. */
export interface AuditBounds {
  timeoutMs?: number;
  maxBytes?: number;
  graceMs?: number;
}

const lockFilesOf = (state: ProjectState, format: LockFile['format']) =>
  state.lockFiles.filter((file) => file.format === format);

// Neither another release of pnpm, nor a program of the project; its releases read the one name or the other.
const settings = Object.fromEntries(
  ['npm_config', 'pnpm_config'].flatMap((prefix) => [
    [`${prefix}_manage_package_manager_versions`, 'false'],
    [`${prefix}_ignore_pnpmfile`, 'true'],
  ]),
);

/** `npm audit --json` or `pnpm audit --json` in each folder with a lock file of it, or rather in a copy. Neither runs a script of a package. */
function auditSource(tool: 'npm' | 'pnpm', bounds: AuditBounds): Source<ProjectState> {
  return {
    name: `${tool}-audit`,
    applies: (state) => lockFilesOf(state, tool).length > 0,
    async review(state) {
      const observations: Observation[] = [];
      const reasons: string[] = [];
      for (const lockFile of lockFilesOf(state, tool)) {
        const report = await audit(tool, state, lockFile, bounds);
        if (report.ok) observations.push(...report.observations);
        else reasons.push(`${lockFile.path}: ${report.reason}`);
      }
      return lookedExcept(`${tool}-audit`, observations, reasons);
    },
  };
}

async function audit(
  tool: 'npm' | 'pnpm',
  { root, env, signal }: ProjectState,
  lockFile: LockFile,
  bounds: AuditBounds,
): Promise<Report> {
  const spec = { env: { ...env, ...settings }, signal, ...bounds };
  const run = await inAuditFolder(join(root, lockFile.path), async (cwd) => {
    const first = await runTool({ ...spec, cwd, argv: [tool, 'audit', '--json'] });
    if (tool !== 'pnpm' || first.end !== 'missing') return first;
    const brought = await bringPnpm(spec);
    return brought === undefined ? first : runTool({ ...spec, cwd, argv: [brought, 'audit', '--json'] });
  }).catch((error: unknown) => messageOf(error));
  if (typeof run === 'string') return { ok: false, reason: `it cannot be copied: ${run}` };
  const problem = toolProblem(tool, run);
  return problem === null ? readNpmReport(run.stdout, lockFile) : { ok: false, reason: problem };
}

export const npmAudit = (bounds: AuditBounds = {}): Source<ProjectState> => auditSource('npm', bounds);
export const pnpmAudit = (bounds: AuditBounds = {}): Source<ProjectState> => auditSource('pnpm', bounds);
