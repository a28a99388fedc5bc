import process from 'node:process';
import { configOrExit, processShape, runApp } from '@actp/shared/lifecycle';
import { createLogger } from '@actp/shared/log';
import { approvalBotShape, startApprovalBot } from './approval-bot.ts';

const env = configOrExit({ ...approvalBotShape, ...processShape }, process.env);
const log = createLogger({ app: 'approval-bot', level: env.LOG_LEVEL });

await runApp(log, () => startApprovalBot(env, log), env);
