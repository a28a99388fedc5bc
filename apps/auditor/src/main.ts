import { resolve } from 'node:path';
import process from 'node:process';
import { configOrExit, processShape, runApp } from '@actp/shared/lifecycle';
import { createLogger } from '@actp/shared/log';
import { auditorShape, startAuditor } from './auditor.ts';

const env = configOrExit({ ...auditorShape, ...processShape }, process.env);
const log = createLogger({ app: 'auditor', level: env.LOG_LEVEL });
const rootDir = resolve(import.meta.dirname, '../../..');

await runApp(
  log,
  () => startAuditor({ ...env, ACTP_DATA_DIR: resolve(rootDir, env.ACTP_DATA_DIR) }, log),
  env,
);
