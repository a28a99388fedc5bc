import type { Composer, Context } from 'grammy';
import { startJobFeature, type StartJobDeps } from './start-job.ts';

/** `/review`: starts a supply-chain review. */
export const reviewFeature = (deps: StartJobDeps): Composer<Context> =>
  startJobFeature(deps, {
    command: 'review',
    job: 'dependency-review',
    payload: { trigger: 'telegram' },
    what: 'review',
    started: (where) => `Supply-chain review started. What came of it comes ${where}.`,
  });
