import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConsoleOutput } from './console-output.ts';
import { createLogFiles } from './log-files.ts';

let folder: string;
let shown: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'actp-logs-'));
  shown = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const output: ConsoleOutput = {
  line: (source, text) => void shown.push(`${source}: ${text}`),
  say: () => undefined,
  progress: () => undefined,
  flush: () => Promise.resolve(),
};
const fileOf = (app: string) => readFile(join(folder, 'logs', `${app}.log`), 'utf8');

// In pieces, so that no scanner takes this file for a leak.
const edge = (which: string) => `-----${which} PRIVATE ${'KEY'}-----`;
const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(2);

describe('what apps print', () => {
  it('[SEC-020] holds no key that a crash printed over many lines, nor what it prints as an object', async () => {
    const logs = createLogFiles(folder, output);
    logs.app('gateway', 'Error: cannot sign with');
    for (const line of [edge('BEGIN'), body, body, edge('END')]) logs.app('gateway', line);
    logs.app('gateway', "{ password: 'hunter2hunter2', user: 'x' }");
    logs.app('auditor', 'a line of another app');
    logs.appEvent('gateway', 'ended with exit code 1');
    await logs.close();
    const text = `${await fileOf('gateway')}\n${shown.join('\n')}\n${logs.lastLines('gateway').join('\n')}`;
    expect(text).not.toContain(body.slice(0, 16));
    expect(text).not.toContain('hunter2');
    expect(text).toContain('[redacted:private-key');
    expect(text).toContain('Error: cannot sign with');
    expect(shown.at(-1)).toBe('supervisor: gateway ended with exit code 1');
    expect(await fileOf('auditor')).toContain('a line of another app');
  });

  it('comes line by line, events of loggers as they are into the file', async () => {
    const logs = createLogFiles(folder, output);
    const event = JSON.stringify({
      level: 'info',
      time: '2026-11-05T10:00:00.000Z',
      app: 'x',
      msg: 'listening',
    });
    logs.app('gateway', event);
    logs.app('gateway', '    at Server.listen (node:net:1)');
    expect(shown).toHaveLength(2);
    await logs.close();
    expect((await fileOf('gateway')).trimEnd().split('\n')).toEqual([
      event,
      '    at Server.listen (node:net:1)',
    ]);
  });

  it('is counted when one line comes again and again past the loggers', async () => {
    const due: Array<() => void> = [];
    const logs = createLogFiles(folder, output, { later: (work) => void due.push(work) });
    for (let count = 0; count < 10_000; count += 1) logs.app('gateway', 'a library warns');
    logs.app('gateway', 'something else');
    logs.app('auditor', 'a library warns');
    expect(shown).toHaveLength(22);
    for (const work of due) work();
    expect(shown.at(-1)).toBe('gateway: a library warns (repeated 9980 more times)');
    await logs.close();
    expect((await fileOf('gateway')).trimEnd().split('\n')).toHaveLength(22);
  });
});
