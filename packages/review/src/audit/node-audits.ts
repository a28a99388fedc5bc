import { dirname, join } from 'node:path';
import type { Observation } from '../findings/finding.ts';
import { lookedExcept } from '../findings/source-review.ts';
import type { LockFile } from '../lock-files/lock-file.ts';
import type { ProjectState } from '../project-state.ts';
import type { Source } from '../review-project.ts';
import { readNpmReport } from './read-npm-report.ts';
import { runTool } from './run-tool.ts';
import { toolProblem } from './tool-problem.ts';

/** For tests: another time and size than usual. */
export interface AuditBounds {
  timeoutMs?: number;
  maxBytes?: number;
}

const lockFilesOf = (state: ProjectState, format: LockFile['format']) =>
  state.lockFiles.filter((file) => file.format === format);

/** `npm audit --json` or `pnpm audit --json` in each folder with a lock file of it. Neither runs a script of a package. */
function auditSource(tool: 'npm' | 'pnpm', bounds: AuditBounds): Source<ProjectState> {
  return {
    name: `${tool}-audit`,
    applies: (state) => lockFilesOf(state, tool).length > 0,
    async review(state) {
      const observations: Observation[] = [];
      const reasons: string[] = [];
      for (const lockFile of lockFilesOf(state, tool)) {
        const run = await runTool({
          argv: [tool, 'audit', '--json'],
          cwd: dirname(join(state.root, lockFile.path)),
          env: {
            ...state.env,
            // Neither another release of pnpm, nor a program of the project.
            npm_config_manage_package_manager_versions: 'false',
            npm_config_ignore_pnpmfile: 'true',
          },
          signal: state.signal,
          ...bounds,
        });
        const problem = toolProblem(tool, run);
        const report =
          problem === null ? readNpmReport(run.stdout, lockFile) : { ok: false as const, reason: problem };
        if (report.ok) observations.push(...report.observations);
        else reasons.push(`${lockFile.path}: ${report.reason}`);
      }
      return lookedExcept(`${tool}-audit`, observations, reasons);
    },
  };
}

export const npmAudit = (bounds: AuditBounds = {}): Source<ProjectState> => auditSource('npm', bounds);
export const pnpmAudit = (bounds: AuditBounds = {}): Source<ProjectState> => auditSource('pnpm', bounds);
