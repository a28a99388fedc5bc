import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { runApp } from './lifecycle.ts';
import { createLogger } from './log.ts';

// A process for the tests: its first argument says what kind of app it is.
const log = createLogger({ app: 'fixture', level: 'info' });
const keptAlive = setInterval(() => undefined, 1_000);

const apps: Record<string, () => Promise<{ stop(): Promise<void> }>> = {
  good: () =>
    Promise.resolve({
      async stop() {
        await delay(50);
        clearInterval(keptAlive);
        log.info('let go');
      },
    }),
  'never-stops': () => Promise.resolve({ stop: () => new Promise(() => undefined) }),
  'stop-fails': () => Promise.resolve({ stop: () => Promise.reject(new Error('cannot let go')) }),
  'never-starts': () => new Promise(() => undefined),
  'start-fails': () => Promise.reject(new Error('no port')),
  'throws-later': () => {
    setTimeout(() => {
      throw new Error('nobody caught this');
    }, 20);
    return new Promise(() => undefined);
  },
  'rejects-later': () => {
    setTimeout(() => void Promise.reject(new Error('nobody awaited this')), 20);
    return new Promise(() => undefined);
  },
};

const start = apps[process.argv[2] ?? ''];
if (!start) throw new Error('no such app');
await runApp(log, start, { STOP_SECONDS: 10 });
