import { resolve } from 'node:path';
import process from 'node:process';
import { configOrExit, processShape, runApp } from '@actp/shared/lifecycle';
import { createLogger } from '@actp/shared/log';
import { inspectorShape, startInspector } from './inspector.ts';

const env = configOrExit({ ...inspectorShape, ...processShape }, process.env);
const log = createLogger({ app: 'inspector', level: env.LOG_LEVEL });
const rootDir = resolve(import.meta.dirname, '../../..');

await runApp(log, () => startInspector(env, log, { rootDir, env: process.env, rootPid: process.ppid }), env);
