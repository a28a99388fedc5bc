import { readLockFile } from '../lock-files/read-lock-file.ts';
import { ReviewRules } from '../projects/projects-config.ts';
import { compareLockFiles } from './compare-lock-files.ts';
import { gateDetails } from './gate-details.ts';
import { lookAtChange } from './look-at-change.ts';

/** What is asked about a change of a lock file: packages as `name before -> now`, and findings. */
export async function asked(name: string, before: string, after: string) {
  const [old, now] = [readLockFile(name, before), readLockFile(name, after)];
  const change = compareLockFiles(old, now);
  const time = new Date('2026-04-01T12:00:00Z');
  const lookedAt = await lookAtChange(old, now, change, {
    project: { name: 'shop', path: '.', ecosystems: ['npm', 'pip'] },
    rules: ReviewRules.parse({}),
    root: '/nowhere',
    osvData: undefined,
    env: {},
    now: time,
    signal: new AbortController().signal,
    registry: undefined,
  });
  const files = {
    project: 'shop',
    path: name,
    beforeSha256: 'b'.repeat(64),
    afterSha256: 'a'.repeat(64),
    base: { from: 'HEAD', name: undefined, commit: undefined },
  } as const;
  const details = (['dependency.add', 'dependency.update'] as const).flatMap(
    (action) => gateDetails(action, files, lookedAt, time) ?? [],
  );
  return {
    packages: details.flatMap(({ packages }) =>
      packages.map(({ name: of, from, version }) => `${String(of)} ${String(from)} -> ${String(version)}`),
    ),
    findings: details.flatMap(({ findings }) => findings),
  };
}
