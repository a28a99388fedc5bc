import process from 'node:process';
import { createLogger } from '../log.ts';
import { createWorker } from './worker.ts';

// A worker process for the tests. Arguments: what to do with a job (`hang`, `die`, `finish`), and the lock in ms.
const [, , plan, lockMs] = process.argv;

createWorker({
  queue: 'notify',
  redis: { REDIS_URL: process.env['REDIS_URL'], REDIS_CLUSTER_NODES: [] },
  log: createLogger({ app: 'fixture', level: 'silent' }),
  ...(lockMs === undefined ? {} : { lockMs: Number(lockMs) }),
  handlers: {
    async 'send-notification'(_payload, { job }) {
      process.send?.({ started: job.id, attempt: job.attemptsStarted });
      if (plan === 'die') process.kill(process.pid, 'SIGKILL');
      if (plan === 'hang') await new Promise((resolve) => process.once('message', resolve));
      return { state: plan === 'hang' ? 'logged' : 'sent' };
    },
  },
});
process.once('disconnect', () => process.exit(0));
