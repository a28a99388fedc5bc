import { homedir } from 'node:os';
import { resolve } from 'node:path';
import process from 'node:process';
import { anchorPlace } from '@actp/services/anchor/anchor-place';
import { configOrExit, processShape, runApp } from '@actp/shared/lifecycle';
import { createLogger } from '@actp/shared/log';
import { auditorShape, startAuditor } from './auditor.ts';

const env = configOrExit({ ...auditorShape, ...processShape }, process.env);
const log = createLogger({ app: 'auditor', level: env.LOG_LEVEL });
const root = resolve(import.meta.dirname, '../../..');
const dataDir = resolve(root, env.ACTP_DATA_DIR);

await runApp(
  log,
  async () => {
    const { path, warning } = await anchorPlace({
      configured: env.ACTP_ANCHOR_FILE,
      root,
      dataDir,
      stateHome: process.env['XDG_STATE_HOME'],
      home: homedir(),
    });
    if (warning !== undefined) log.warn({ anchor: path }, warning);
    return startAuditor({ ...env, ACTP_DATA_DIR: dataDir, ACTP_ANCHOR_FILE: path }, log);
  },
  env,
);
