import type { WaitingMessage } from '@actp/services/notifications/outbox';

const maxHeading = 120;

/** When a message came to be, to the minute. */
export function timeOf({ createdAt }: WaitingMessage): string {
  return `${new Date(createdAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** A message in one line: when, and how it begins. */
export function headingLine(message: WaitingMessage): string {
  const [first = ''] = message.body.trim().split('\n', 1);
  const cut = first.length > maxHeading ? `${first.slice(0, maxHeading).toWellFormed()}…` : first;
  return `${timeOf(message)}: ${cut}`;
}
