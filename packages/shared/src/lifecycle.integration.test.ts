import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';

const program = join(import.meta.dirname, 'lifecycle.fixture.ts');
const running = new Set<ChildProcess>();

interface App {
  child: ChildProcess;
  /** Messages of its log so far. */
  said(): string[];
  exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

function run(kind: string): App {
  const child = fork(program, [kind], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], env: {} });
  const output = child.stdout;
  if (!output) throw new Error('its output is a pipe');
  running.add(child);
  let text = '';
  output.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const lines = () => text.split('\n').filter((line) => line.startsWith('{'));
  // Node does not tell 'close' of a child that was disconnected.
  const ends = Promise.all([once(child, 'exit'), once(output, 'end')]);
  return {
    child,
    exit: ends.then(([[code, signal]]) => ({ code, signal })),
    said: () => lines().map((line) => (JSON.parse(line) as { msg: string }).msg),
  };
}

const untilSaid = (app: App, message: string) => eventually(() => app.said().includes(message));

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

// Each waits for a process of its own.
describe.concurrent('an app', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('lets go and ends with 0 on %s', async (signal) => {
    const app = run('good');
    await untilSaid(app, 'started');
    app.child.kill(signal);
    expect(await app.exit).toEqual({ code: 0, signal: null });
    expect(app.said()).toEqual(['started', 'stopping', 'let go', 'stopped']);
  });

  it('stops when the supervisor that started it is gone', async () => {
    const app = run('good');
    await untilSaid(app, 'started');
    app.child.disconnect();
    expect(await app.exit).toEqual({ code: 0, signal: null });
    expect(app.said()).toContain('let go');
  });

  it('takes the same wish twice, as a terminal sends it, for one', async () => {
    const app = run('good');
    await untilSaid(app, 'started');
    app.child.kill('SIGINT');
    app.child.kill('SIGTERM');
    app.child.disconnect();
    expect(await app.exit).toEqual({ code: 0, signal: null });
  });

  it('ends at once with 1 on a second signal', async () => {
    const app = run('never-stops');
    await untilSaid(app, 'started');
    app.child.kill('SIGTERM');
    await untilSaid(app, 'stopping');
    await delay(1_100); // less would be the same wish
    app.child.kill('SIGTERM');
    expect(await app.exit).toEqual({ code: 1, signal: null });
    expect(app.said()).not.toContain('stopped');
  });

  it('ends with 1 at its deadline when it cannot stop, also when its supervisor dies meanwhile', async () => {
    const app = run('never-stops');
    await untilSaid(app, 'started');
    app.child.kill('SIGTERM');
    await untilSaid(app, 'stopping');
    await delay(1_100);
    app.child.disconnect();
    expect(await app.exit).toEqual({ code: 1, signal: null });
    expect(app.said()).toEqual(['started', 'stopping', 'stopped']);
  });

  it('ends with 1 when stopping fails', async () => {
    const app = run('stop-fails');
    await untilSaid(app, 'started');
    app.child.kill('SIGTERM');
    expect(await app.exit).toEqual({ code: 1, signal: null });
    expect(app.said()).toEqual(['started', 'stopping', 'stop failed', 'stopped']);
  });

  it('can be stopped while it starts', async () => {
    const app = run('never-starts');
    // Its handlers stand once the event loop turns; before that the signal itself ends it.
    await delay(500);
    app.child.kill('SIGTERM');
    const { code, signal } = await app.exit;
    expect(signal ?? code).toBe(app.said().length === 0 ? 'SIGTERM' : 0);
  });

  it.each([
    ['start-fails', 'start failed'],
    ['throws-later', 'unhandled error'],
    ['rejects-later', 'unhandled error'],
  ])('says so and ends with 1, to be started anew: %s', async (kind, message) => {
    const app = run(kind);
    expect(await app.exit).toEqual({ code: 1, signal: null });
    expect(app.said()).toEqual([message]);
  });
});
