import type { Environment } from '@actp/shared/env-file/merge';
import { expect, it } from 'vitest';
import type { AppProcess } from './app-process.ts';
import { AppNotReplaced, replaceApp, type RunningApp } from './replace-app.ts';

it('an app that does not come up is reported with its last lines, and without the secrets in them', () => {
  const address = `redis://default:${'hunter2'.repeat(3)}@127.0.0.1:6379`;
  for (const cause of [new Error(`gateway exited with code 1:\ncannot reach ${address}`), `no ${address}`]) {
    const { message, app } = new AppNotReplaced('gateway', cause);
    expect(app).toBe('gateway');
    expect(message).toContain('redis://');
    expect(message).not.toContain('hunter2');
  }
});

/** Processes that only say which of them run; one with `BROKEN` does not come up. */
function processes() {
  const running = new Map<AppProcess, string>();
  const create = (env: Environment, place: 0 | 1): AppProcess => {
    const made: AppProcess = {
      async start() {
        if ('BROKEN' in env) throw new Error('exited with code 1');
        running.set(made, `${env['VERSION']} at ${place}`);
        return Promise.resolve();
      },
      stop: () => Promise.resolve(void running.delete(made)),
      drain: () => Promise.resolve(),
      pid: () => undefined,
      restarts: () => 0,
    };
    return made;
  };
  return { create, running };
}

it('[OPS-002] an app that does not come up with new settings runs on with those of before', async () => {
  const { create, running } = processes();
  const kept = new Set<AppProcess>();
  const make = (env: Environment, place: 0 | 1) => {
    const made = create(env, place);
    kept.add(made);
    return made;
  };
  const env = { VERSION: 'old' };
  const app = { name: 'auditor', entry: '', semiSpace: 2, settings: [] };
  const one: RunningApp = { app, env, place: 0, process: make(env, 0), overlaps: false };
  await one.process.start();
  const deps = {
    create: make,
    forget: (gone: AppProcess) => void kept.delete(gone),
    stopped: () => false,
  };
  const replaced = replaceApp(one, { VERSION: 'new', BROKEN: '1' }, deps);
  await expect(replaced).rejects.toThrow(AppNotReplaced);
  expect([...running.values()]).toEqual(['old at 0']);
  expect(one).toMatchObject({ env, place: 0 });
  // What is stopped at the end is what runs, and nothing else.
  expect([...kept]).toEqual([...running.keys()]);
  expect(running.has(one.process)).toBe(true);

  await replaceApp(one, { VERSION: 'good' }, deps);
  expect([...running.values()]).toEqual(['good at 1']);
  expect([...kept]).toEqual([one.process]);
});
