import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parse } from 'yaml';
import type { Observation, Severity } from '../findings/finding.ts';
import { lookedExcept } from '../findings/source-review.ts';
import { isRow, rowOf } from '../json.ts';
import type { LockFile, LockedPackage } from '../lock-files/lock-file.ts';
import { knownVersion, type KnownPackage, type ProjectState } from '../project-state.ts';
import type { Source } from '../review-project.ts';
import { installedPackages } from './installed-packages.ts';
import { labelOf } from './packages-of.ts';

const source = 'install-scripts';
// How long a script counts as new.
const newDays = 30;
const day = 86_400_000;

/** Packages that run a program when they are installed; first of all those whose earlier versions did not. */
export const installScripts: Source<ProjectState> = {
  name: source,
  applies: ({ lockFiles }) => lockFiles.length > 0,
  async review(state) {
    const observations: Observation[] = [];
    const reasons: string[] = [];
    for (const file of state.lockFiles) {
      const installed = await installedPackages(state.root, file);
      const allowed = file.format === 'pnpm' ? await allowedBuilds(join(state.root, dirname(file.path))) : {};
      let unknown = 0;
      for (const entry of file.packages) {
        const says = entry.hasScript ?? (await installed(entry))?.hasScript ?? null;
        // What is for other systems is not installed here.
        if (says === null && entry.ecosystem === 'npm' && !entry.limited) unknown += 1;
        if (says === true) observations.push(...observe(state, file, entry, allowed[entry.name]));
      }
      if (unknown > 0) {
        reasons.push(
          `${file.path} does not say whether ${unknown} packages run scripts, and they are not installed`,
        );
      }
    }
    return lookedExcept(source, observations, reasons);
  },
};

function observe(state: ProjectState, file: LockFile, entry: LockedPackage, allowed: unknown): Observation[] {
  // Whoever keeps the list has decided that it does not run.
  if (allowed === false) return [];
  const isNew = isNewScript(entry, state);
  const severity: Severity = isNew
    ? 'high'
    : allowed === true || entry.ecosystem === 'pip'
      ? 'low'
      : 'medium';
  const what =
    entry.ecosystem === 'pip'
      ? 'is built from source, which runs its own setup'
      : 'runs a script when it is installed';
  return [
    {
      kind: 'install_script',
      severity,
      package: entry.name,
      version: entry.version,
      path: file.path,
      title: `${labelOf(entry)} ${what}${isNew ? '; the version before did not' : ''}`,
      detail: allowed === true ? 'pnpm-workspace.yaml allows it.' : '',
      about: [entry.name, entry.version ?? ''],
    },
  ];
}

function isNewScript(entry: LockedPackage, { known, now }: ProjectState): boolean {
  const before: readonly KnownPackage[] = known?.(entry.ecosystem, entry.name) ?? [];
  const version = knownVersion(entry);
  const same = before.find((other) => other.version === version);
  if (same !== undefined && now.getTime() - Date.parse(same.firstSeenAt) > newDays * day) return false;
  const others = before.filter((other) => other.version !== version);
  return (
    others.some(({ hasScript }) => hasScript === false) && others.every(({ hasScript }) => hasScript !== true)
  );
}

// pnpm runs no script that is not allowed there.
async function allowedBuilds(folder: string): Promise<Record<string, unknown>> {
  const text = await readFile(join(folder, 'pnpm-workspace.yaml'), 'utf8').catch(() => '');
  try {
    const value: unknown = parse(text, { logLevel: 'silent' });
    return isRow(value) ? { ...rowOf(value['allowBuilds']) } : {};
  } catch {
    return {};
  }
}
