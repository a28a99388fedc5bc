import { execFile } from 'node:child_process';
import { constants, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, expect, it, vi } from 'vitest';
import { createLogger } from '@actp/shared/log';
import { watchPolicy, type PolicyChange } from './watch-policy.ts';

const folder = await mkdtemp(join(tmpdir(), 'actp-watch-'));
afterAll(() => rm(folder, { recursive: true }));
const log = createLogger({ app: 'test', level: 'silent' });
const text = (gate: string) => `version: 1
tools: { allow: [] }
gates:
  - ${gate}
defaults: { effect: allow }
`;
const good = text('{ action: a, approval: required }');
const better = text('{ action: b, approval: required }');
const bad = text('{ action: a, aproval: required }');

let files = 0;
async function watchNew(fail: () => boolean = () => false) {
  const file = join(folder, `policy-${(files += 1)}.yaml`);
  await writeFile(file, good);
  const told: PolicyChange[] = [];
  const watched = await watchPolicy({
    file,
    log,
    lookMs: 20,
    report: (change) => {
      if (fail()) return Promise.reject(new Error('the database is away'));
      told.push(change);
      return Promise.resolve();
    },
  });
  const save = async (content: string) => {
    await writeFile(`${file}.new`, content);
    await rename(`${file}.new`, file);
  };
  return { ...watched, file, save, told, action: () => watched.current().policy.gates[0]?.action };
}
const soon = (check: () => void) => vi.waitFor(check, { timeout: 240_000 });

it('a changed policy is in force soon, and is told once', async () => {
  const policy = await watchNew();
  const before = policy.current().version;
  await policy.save(better);
  await soon(() => expect(policy.action()).toBe('b'));
  await soon(() => expect(policy.told).toHaveLength(1));
  expect(policy.told).toEqual([{ kind: 'loaded', version: policy.current().version, previous: before }]);
  await delay(100);
  expect(policy.told).toHaveLength(1);
  await policy.stop();
});

it('one that is not valid leaves the running one in force, and is told once', async () => {
  const policy = await watchNew();
  await policy.save(bad);
  await soon(() => expect(policy.told).toHaveLength(1));
  expect(policy.action()).toBe('a');
  expect(policy.told[0]).toMatchObject({
    kind: 'refused',
    first: true,
    problem: expect.stringMatching(/line 4: gates\.0/),
  });
  // Worse before it is better: people know already.
  await policy.save(`${bad}# still\n`);
  await soon(() => expect(policy.told).toHaveLength(2));
  expect(policy.told[1]).toMatchObject({ kind: 'refused', first: false });
  await rm(policy.file);
  await soon(() => expect(policy.told).toHaveLength(3));
  expect(policy.told[2]).toMatchObject({ problem: 'there is no such file', first: false });
  expect(policy.action()).toBe('a');
  await policy.save(better);
  await soon(() => expect(policy.action()).toBe('b'));
  await policy.save(bad);
  await soon(() => expect(policy.told).toHaveLength(5));
  expect(policy.told[4]).toMatchObject({ kind: 'refused', first: true });
  await policy.stop();
});

it('what could not be told is told later', async () => {
  let away = true;
  const policy = await watchNew(() => away);
  await policy.save(better);
  await soon(() => expect(policy.action()).toBe('b'));
  expect(policy.told).toEqual([]);
  away = false;
  await soon(() => expect(policy.told).toHaveLength(1));
  await policy.stop();
});

/** Resolves when nobody has the pipe open to read any more. */
async function untilClosed(pipe: string): Promise<void> {
  try {
    for (;;) await (await open(pipe, constants.O_WRONLY | constants.O_NONBLOCK)).close();
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENXIO' });
  }
}

it('a file that is not written to its end yet is never in force, although what is there is valid', async () => {
  // A reader of a pipe gets exactly what is handed to it: one text for each look.
  const file = join(folder, 'pipe.yaml');
  await promisify(execFile)('mkfifo', [file]);
  const looks = [good, good, text('{ action: half, approval: required }'), better];
  const over = new AbortController();
  const feeding = (async () => {
    for (let look = 0; !over.signal.aborted; look += 1) {
      await writeFile(file, looks[look] ?? better);
      await untilClosed(file);
    }
  })();
  const told: PolicyChange[] = [];
  const policy = await watchPolicy({
    file,
    log,
    lookMs: 100,
    report: (change) => {
      told.push(change);
      return Promise.resolve();
    },
  });
  const before = policy.current().version;
  await soon(() => expect(policy.current().policy.gates[0]?.action).toBe('b'));
  await policy.stop();
  over.abort();
  // The last text, which nobody looks at any more.
  await Promise.all([feeding, readFile(file)]);
  expect(told).toEqual([{ kind: 'loaded', version: policy.current().version, previous: before }]);
});
