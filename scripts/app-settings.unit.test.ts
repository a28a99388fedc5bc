import { expect, it } from 'vitest';
import { processShape } from '../packages/shared/src/lifecycle.ts';
import { dbShape } from '../packages/db/src/client.ts';
import { redisShape } from '../packages/shared/src/redis.ts';
import { approvalBotShape } from '../apps/approval-bot/src/approval-bot.ts';
import { auditorShape } from '../apps/auditor/src/auditor.ts';
import { executorShape } from '../apps/executor/src/settings.ts';
import { inspectorShape } from '../apps/inspector/src/inspector.ts';
import { gatewayShape } from '../apps/gateway/src/gateway.ts';
import { housekeepingShape } from '../apps/scheduler/src/housekeeping/start-housekeeping.ts';
import { schedulerShape } from '../apps/scheduler/src/settings.ts';
import { selftestRunnerShape } from '../apps/selftest-runner/src/selftest-runner.ts';
import { processSettings } from '../apps/supervisor/src/app-environment.ts';
import { apps } from '../apps/supervisor/src/apps.ts';

const shapes: Record<string, object> = {
  gateway: gatewayShape,
  scheduler: { ...schedulerShape, ...housekeepingShape, ...redisShape, ...dbShape },
  'selftest-runner': selftestRunnerShape,
  'approval-bot': approvalBotShape,
  auditor: auditorShape,
  executor: executorShape,
  inspector: inspectorShape,
};

// Derived for each app, and given to it in any case.
const derived = 'DATABASE_APP_KEY';

it.each(apps)(
  '[SEC-020] an app finds the settings that it reads, and no other: $name',
  ({ name, settings }) => {
    expect([...settings, derived].toSorted()).toEqual(Object.keys(shapes[name] ?? {}).toSorted());
  },
);

it('every process finds what every process reads', () => {
  expect([...processSettings].toSorted()).toEqual([...Object.keys(processShape), 'REDACTION_KEY'].toSorted());
});
