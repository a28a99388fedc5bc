import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SuiteConfig } from '../config/selftest-config.ts';
import { notApart } from '../sandbox/apart.ts';
import { findCheckoutRoot } from '../sandbox/find-checkout.ts';
import { isInside } from '../sandbox/is-inside.ts';
import type { Sandbox, Sandboxes } from '../sandbox/sandboxes.ts';
import { configuredFolder, reportPlaces } from './report-place.ts';

export interface SuiteSurroundings {
  sandbox: Sandbox;
  /** Where its report lies outside of the sandbox; null when it writes none. */
  junit: string | null;
  /** What speaks against reading a report there. */
  placeRefusal: (place: string) => string | null;
}

/** Makes the sandbox of one run of a suite, and finds out where its report may lie. */
export async function enterSuite(
  deps: { rootDir: string; sandboxes?: Sandboxes },
  given: {
    suite: SuiteConfig;
    /** Absolute. */
    cwd: string;
    env: Readonly<Record<string, string>>;
    runDir: string;
    /** Its report, as the configuration says; absolute. */
    configured: string | null;
  },
): Promise<SuiteSurroundings> {
  const { suite, cwd, env, runDir, configured } = given;
  const plane = deps.sandboxes?.plane ?? {
    rootDir: deps.rootDir,
    dataDir: join(deps.rootDir, '.actp'),
    configFiles: [],
  };
  const checkout = await findCheckoutRoot(cwd).catch(() => cwd);
  const folder = configured === null ? null : await configuredFolder({ checkout, configured });
  // Never more than a folder of reports: what holds the plane, the home folder or the checkout stays closed.
  const named = [plane.rootDir, plane.dataDir, env['HOME'] ?? homedir(), '/tmp', '/var/tmp', '/run'];
  const kept = [checkout, ...named, ...(await Promise.all(named.map(realOf)))];
  const closed = folder === null || kept.some((path) => isInside(path, folder));
  const reportFolder = closed || configured === null ? null : dirname(configured);
  const sandbox: Sandbox =
    deps.sandboxes === undefined
      ? { ...notApart(env), used: 'off', problem: null, checkout }
      : await deps.sandboxes.enter({ wanted: suite.sandbox, cwd, runDir, reportFolder, env });
  if (configured === null) return { sandbox, junit: null, placeRefusal: () => null };
  const outside = sandbox.outside(configured);
  const facts = { plane, checkout, runDir, configured, outside };
  return { sandbox, junit: outside, placeRefusal: await reportPlaces(facts) };
}

const realOf = (path: string) => realpath(path).catch(() => path);
