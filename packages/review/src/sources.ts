import { npmAudit, pnpmAudit } from './audit/node-audits.ts';
import { pipAudit } from './audit/pip-audit.ts';
import { age } from './dependencies/age.ts';
import { changes } from './dependencies/changes.ts';
import { installScripts } from './dependencies/install-scripts.ts';
import { integrity } from './dependencies/integrity.ts';
import { licences } from './dependencies/licences.ts';
import { origins } from './dependencies/origins.ts';
import { typosquats } from './names/typosquats.ts';
import { osv } from './osv/osv-source.ts';
import { processArguments } from './plane/process-arguments.ts';
import { sockets } from './plane/sockets.ts';
import type { PlaneState, ProjectState } from './project-state.ts';
import { envFiles } from './secrets/env-files.ts';
import { secretsInHistory } from './secrets/scan-history.ts';
import { secretsInTree } from './secrets/scan-tree.ts';
import type { Source } from './review-project.ts';

/** Those that read lock files and need no network. */
export const offlineSources: ReadonlyArray<Source<ProjectState>> = [
  osv,
  typosquats,
  origins,
  integrity,
  installScripts,
  changes,
  licences,
];

/** Every source that looks at projects, in the order in which they look. */
export const projectSources: ReadonlyArray<Source<ProjectState>> = [
  npmAudit(),
  pnpmAudit(),
  pipAudit(),
  ...offlineSources,
  age,
  envFiles,
  secretsInTree,
  secretsInHistory,
];

/** Those that look at the processes of the running plane. */
export const planeSources: ReadonlyArray<Source<PlaneState>> = [sockets, processArguments];
