import process from 'node:process';
import { configOrExit, runApp } from '@actp/shared/lifecycle';
import { createLogger } from '@actp/shared/log';
import { settings } from '@actp/shared/settings';
import { gatewayShape, startGateway } from './gateway.ts';

const env = configOrExit({ ...gatewayShape, LOG_LEVEL: settings.LOG_LEVEL }, process.env);
const log = createLogger({ app: 'gateway', level: env.LOG_LEVEL });

await runApp(log, () => startGateway(env, log));
