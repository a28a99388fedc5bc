import { resolve } from 'node:path';
import process from 'node:process';
import { createPageReader } from '@actp/providers/pages/page-reader';
import { configOrExit, processShape, runApp } from '@actp/shared/lifecycle';
import { createLogger } from '@actp/shared/log';
import { startExecutor } from '../executor.ts';
import { createParts } from '../parts.ts';
import { executorShape } from '../settings.ts';

/*
 * The executor as main.ts runs it, with shorter times: an executor that was killed is missed sooner. With `--pages-on <port>` the pages of all
 * hosts are those of a site on loopback.
 */

const env = configOrExit({ ...executorShape, ...processShape }, process.env);
const log = createLogger({ app: 'executor', level: env.LOG_LEVEL });
const option = process.argv.indexOf('--pages-on');
const pages =
  option < 0
    ? createPageReader()
    : createPageReader({
        lookup: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
        isAllowed: () => true,
        ports: [Number(process.argv[option + 1])],
      });
const rootDir = resolve(import.meta.dirname, '../../../..');

await runApp(
  log,
  async () =>
    startExecutor(env, log, await createParts(env, rootDir, pages), {
      holdSeconds: 2,
      sweepMs: 200,
      retryMs: 100,
    }),
  env,
);
