import process from 'node:process';
import { configOrExit, processShape, runApp } from '@actp/shared/lifecycle';
import { createLogger } from '@actp/shared/log';
import { gatewayShape, startGateway } from './gateway.ts';

const env = configOrExit({ ...gatewayShape, ...processShape }, process.env);
const log = createLogger({ app: 'gateway', level: env.LOG_LEVEL });

await runApp(log, () => startGateway(env, log), env);
