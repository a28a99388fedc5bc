import process from 'node:process';
import { configOrExit, runApp } from '@actp/shared/lifecycle';
import { createLogger } from '@actp/shared/log';
import { settings } from '@actp/shared/settings';
import { approvalBotShape, startApprovalBot } from './approval-bot.ts';

const env = configOrExit({ ...approvalBotShape, LOG_LEVEL: settings.LOG_LEVEL }, process.env);
const log = createLogger({ app: 'approval-bot', level: env.LOG_LEVEL });

await runApp(log, () => startApprovalBot(env, log));
