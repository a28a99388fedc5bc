import { resolve } from 'node:path';
import process from 'node:process';
import { configOrExit, processShape, runApp } from '@actp/shared/lifecycle';
import { createLogger } from '@actp/shared/log';
import { selftestRunnerShape, startSelftestRunner } from './selftest-runner.ts';

const env = configOrExit({ ...selftestRunnerShape, ...processShape }, process.env);
const log = createLogger({ app: 'selftest-runner', level: env.LOG_LEVEL });
const rootDir = resolve(import.meta.dirname, '../../..');

await runApp(log, () => startSelftestRunner(env, log, { rootDir, env: process.env }), env);
