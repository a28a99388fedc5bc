import { resolve } from 'node:path';
import process from 'node:process';
import { configOrExit, processShape, runApp } from '@actp/shared/lifecycle';
import { createLogger } from '@actp/shared/log';
import { startExecutor } from './executor.ts';
import { createParts } from './parts.ts';
import { executorShape } from './settings.ts';

const env = configOrExit({ ...executorShape, ...processShape }, process.env);
const log = createLogger({ app: 'executor', level: env.LOG_LEVEL });
const rootDir = resolve(import.meta.dirname, '../../..');

await runApp(log, async () => startExecutor(env, log, await createParts(env, rootDir)), env);
