import { resolve } from 'node:path';
import process from 'node:process';
import { configOrExit, runApp } from '@actp/shared/lifecycle';
import { createLogger } from '@actp/shared/log';
import { settings } from '@actp/shared/settings';
import { selftestRunnerShape, startSelftestRunner } from './selftest-runner.ts';

const env = configOrExit({ ...selftestRunnerShape, LOG_LEVEL: settings.LOG_LEVEL }, process.env);
const log = createLogger({ app: 'selftest-runner', level: env.LOG_LEVEL });
const rootDir = resolve(import.meta.dirname, '../../..');

await runApp(log, () => startSelftestRunner(env, log, { rootDir, env: process.env }));
