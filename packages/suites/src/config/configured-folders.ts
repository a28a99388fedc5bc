import { dirname, resolve } from 'node:path';
import type { SelftestConfig } from './selftest-config.ts';

/**
 * The folders in which the suites and services of a configuration run, and those of their reports; absolute.
 *
 * @param rootDir what relative ones count from
 */
export function configuredFolders({ suites, services }: SelftestConfig, rootDir: string): string[] {
  const ofSuites = suites.flatMap(({ cwd, junit }) => {
    const folder = resolve(rootDir, cwd);
    // The directory of a run is known to whoever runs it.
    return junit === undefined || junit.includes('{run_dir}')
      ? [folder]
      : [folder, dirname(resolve(folder, junit))];
  });
  const ofServices = services.flatMap((service) =>
    service.kind === 'http' && service.start !== null ? [resolve(rootDir, service.start.cwd)] : [],
  );
  return [...new Set([...ofSuites, ...ofServices])];
}
