import { settings } from '@actp/shared/settings';

/** What the scheduler reads from its environment, beside Redis and the database. */
export const schedulerShape = {
  SCHEDULE_TZ: settings.SCHEDULE_TZ,
};
