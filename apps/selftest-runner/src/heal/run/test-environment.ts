import { join } from 'node:path';
import type { SuiteRun } from '@actp/suites/suite/run-suite';

/**
 * What a suite's commands get in addition when the tests judge a heal: Python neither reads nor writes compiled files beside
 * the source, where the agent could have put others.
 */
export function testEnvironment({ runDir }: Pick<SuiteRun, 'runDir'>): Record<string, string> {
  return { PYTHONPYCACHEPREFIX: join(runDir, 'pycache'), PYTHONDONTWRITEBYTECODE: '1' };
}
