import type { BeforeHook } from '@bull-board/api/typings/app';
import { isChangeable, isQueueName } from '@actp/shared/jobs/catalogue';

// What concerns all queues: Bull Board leaves out those that can only be looked at.
const ofAllQueues: ReadonlySet<string> = new Set(['/api/queues/pause', '/api/queues/resume']);
const adding = '/api/queues/:queueName/add';
// Beside these BullMQ knows options that reach into other queues, such as `parent`.
const addOptions: ReadonlySet<string> = new Set([
  'delay',
  'priority',
  'attempts',
  'backoff',
  'lifo',
  'jobId',
]);

/**
 * Refuses what would change a queue that can only be looked at, whatever Bull Board itself thinks of it, and what nobody has thought
 * of yet: it is asked with the route and the queue that the handler gets.
 */
export const refuseChange: BeforeHook = ({ method, route, request }) => {
  if (method === 'get') return { allow: true };
  const queue: unknown = request.params['queueName'];
  if (queue === undefined) return ofAllQueues.has(route) ? { allow: true } : refusal('not possible here');
  if (typeof queue !== 'string' || !isQueueName(queue) || !isChangeable(queue)) {
    return refusal('this queue can only be looked at: its jobs carry what was acknowledged');
  }
  const options: unknown = route === adding ? (request.body['options'] ?? {}) : {};
  if (typeof options !== 'object' || options === null) return { allow: true }; // refused by Bull Board's own check
  const other = Object.keys(options).find((name) => !addOptions.has(name));
  return other === undefined ? { allow: true } : refusal(`options can be ${[...addOptions].join(', ')}`);
};

const refusal = (message: string) => ({ allow: false, status: 403, message }) as const;
