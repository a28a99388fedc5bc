import { messageOf } from '@actp/shared/errors';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Logger } from '@actp/shared/log';

export interface HintDeps {
  producer: Pick<Producer, 'add'>;
  log: Logger;
}

/**
 * Has a stored notification sent soon. The row is what counts: without Redis the notification sender finds it by itself, so this
 * never throws.
 *
 * @param revision of a notification whose text has changed
 */
export async function hintNotification(
  { producer, log }: HintDeps,
  id: string,
  revision?: number,
): Promise<void> {
  const jobId = revision === undefined ? `notification-${id}` : `notification-${id}-${revision}`;
  try {
    await producer.add('send-notification', { notification_id: id }, { jobId });
  } catch (error) {
    log.warn(
      { notification_id: id, reason: messageOf(error) },
      'notification hint not queued, it is sent later',
    );
  }
}
