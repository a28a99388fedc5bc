import type { Composer, Context } from 'grammy';
import { startJobFeature, type StartJobDeps } from './start-job.ts';

/** `/selftest`: starts a run of the self-test. */
export const selfTestFeature = (deps: StartJobDeps): Composer<Context> =>
  startJobFeature(deps, {
    command: 'selftest',
    job: 'run-self-test',
    payload: { trigger: 'telegram' },
    what: 'self-test',
    started: (where) => `Self-test started. The result comes ${where}. /status shows how far it is.`,
  });
