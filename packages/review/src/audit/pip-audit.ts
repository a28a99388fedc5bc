import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Observation } from '../findings/finding.ts';
import { lookedExcept } from '../findings/source-review.ts';
import type { LockedPackage } from '../lock-files/lock-file.ts';
import type { ProjectState } from '../project-state.ts';
import type { Source } from '../review-project.ts';
import type { AuditBounds } from './node-audits.ts';
import { readPipReport } from './read-pip-report.ts';
import { runTool } from './run-tool.ts';
import { toolProblem } from './tool-problem.ts';

const source = 'pip-audit';
const lockFilesOf = (state: ProjectState) => state.lockFiles.filter((file) => file.ecosystem === 'pip');

/**
 * `pip-audit --format json` over the pinned versions of each lock file. They are written into a file of ours and neither resolved nor built:
 * that would run the setup of packages.
 */
export const pipAudit = (bounds: AuditBounds = {}): Source<ProjectState> => ({
  name: source,
  applies: (state) => lockFilesOf(state).length > 0,
  async review(state) {
    const observations: Observation[] = [];
    const reasons: string[] = [];
    for (const { path, packages } of lockFilesOf(state)) {
      const pinned = packages.filter(isPinned);
      if (pinned.length < packages.length) {
        reasons.push(
          `${path}: ${packages.length - pinned.length} packages have no pinned version of the index`,
        );
      }
      if (pinned.length === 0) continue;
      const report = await audit(state, pinned, path, bounds);
      observations.push(...report.observations);
      reasons.push(...report.reasons.map((reason) => `${path}: ${reason}`));
    }
    return lookedExcept(source, observations, reasons);
  },
});

const isPinned = ({ name, version, origin }: LockedPackage) =>
  origin === 'registry' && /^[\w.-]+$/.test(name) && /^[\w.!+-]+$/.test(version ?? '');

async function audit(
  state: ProjectState,
  pinned: readonly LockedPackage[],
  path: string,
  bounds: AuditBounds,
): Promise<{ observations: Observation[]; reasons: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'actp-review-'));
  try {
    const file = join(folder, 'requirements.txt');
    await writeFile(file, pinned.map(({ name, version }) => `${name}==${version}\n`).join(''));
    const run = await runTool({
      argv: [
        source,
        '--format',
        'json',
        '--progress-spinner',
        'off',
        '--disable-pip',
        '--no-deps',
        '-r',
        file,
      ],
      cwd: folder,
      env: state.env,
      signal: state.signal,
      ...bounds,
    });
    const problem = toolProblem(source, run);
    return problem === null
      ? readPipReport(run.stdout, pinned, path)
      : { observations: [], reasons: [problem] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
