import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
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

  it('[SEC-020] holds no secret of the last lines with which an app did not start', async () => {
    const logs = createLogFiles(folder, output);
    const address = `redis://default:${'hunter2'.repeat(3)}@127.0.0.1:6379`;
    logs.appEvent('gateway', `did not start: gateway exited with code 1:\ncannot reach ${address}`);
    await logs.close();
    const text = `${await fileOf('gateway')}\n${shown.join('\n')}`;
    expect(text.match(/cannot reach redis:\/\//g)).toHaveLength(2);
    expect(text).not.toContain('hunter2');
  });

  it('[SEC-020] ends with what was held back, when an app ended within a key', async () => {
    const logs = createLogFiles(folder, output);
    for (const line of ['Error: cannot sign with', edge('BEGIN'), body]) logs.app('gateway', line);
    await logs.close();
    expect(await fileOf('gateway')).toMatch(/cannot sign with\n+\[redacted:private-key/);
  });

  it('holds no secret that a store printed, nor one in what happened to it', async () => {
    const logs = createLogFiles(folder, output);
    const address = `postgres://postgres:${'hunter2'.repeat(3)}@127.0.0.1:5432/postgres`;
    logs.part('postgres', `could not connect to ${address}`, 'output');
    logs.part('postgres', `ended: ${address}`, 'event');
    await logs.close();
    const text = await fileOf('postgres');
    expect(text).toContain('could not connect to postgres://');
    expect(text).toContain('supervisor: ended: postgres://');
    expect(`${text}\n${shown.join('\n')}`).not.toContain('hunter2');
  });

  it('is for the owner alone', async () => {
    const logs = createLogFiles(folder, output);
    logs.app('gateway', 'a line');
    logs.part('redis', 'another', 'output');
    await logs.close();
    const modeOf = async (path: string) => ((await stat(join(folder, path))).mode & 0o777).toString(8);
    expect(await modeOf('logs')).toBe('700');
    expect(await modeOf('logs/gateway.log')).toBe('600');
    expect(await modeOf('logs/redis.log')).toBe('600');
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

  it('shows no request by itself, but their number once a minute, and each that failed', async () => {
    const due: Array<() => void> = [];
    const logs = createLogFiles(folder, output, {
      later: (work) => void due.push(work),
      shownDataDir: '.actp',
    });
    const request = (status: number, route = '/v1/guard', level = 'info') =>
      JSON.stringify({
        level,
        time: '2026-11-05T10:00:00.000Z',
        app: 'gateway',
        route,
        status,
        msg: 'request',
      });
    const lines = [
      request(200),
      request(200),
      request(404),
      request(200, '/readyz'),
      request(500, '/v1/guard', 'error'),
    ];
    for (const line of lines) logs.app('gateway', line);
    const job = {
      level: 'info',
      time: '2026-11-05T10:00:00.000Z',
      app: 'x',
      outcome: 'completed',
      msg: 'job',
    };
    logs.app('scheduler', JSON.stringify(job));
    expect(shown).toEqual([expect.stringContaining('error request route=/v1/guard status=500')]);
    for (const work of due) work();
    expect(shown.at(-1)).toBe(
      'gateway: 4 requests within a minute: 1 refused (4xx), 1 failed (5xx); 1 job done; each is in .actp/logs',
    );
    logs.app('gateway', request(200, '/healthz'));
    await logs.close();
    expect(shown).toHaveLength(2);
    expect((await fileOf('gateway')).trimEnd().split('\n')).toEqual([...lines, request(200, '/healthz')]);

    const all = createLogFiles(folder, output, { showRequests: true });
    all.app('gateway', request(200));
    expect(shown.at(-1)).toContain('request route=/v1/guard status=200');
    await all.close();
  });

  it('says where the whole of a warning is that is cut', async () => {
    const logs = createLogFiles(folder, output, { shownDataDir: '.actp' });
    const warning = {
      level: 'warn',
      time: '2026-11-05T10:00:00.000Z',
      app: 'x',
      msg: 'odd',
      what: 'y'.repeat(500),
    };
    logs.app('auditor', JSON.stringify(warning));
    logs.app('auditor', JSON.stringify({ ...warning, what: 'short' }));
    expect(shown[0]).toMatch(/y… \(whole in \.actp\/logs\/auditor\.log\)$/);
    expect(shown[1]).not.toContain('whole in');
    await logs.close();
  });

  it('has the whole of an alert in a file, as people read it', async () => {
    const logs = createLogFiles(folder, output, { shownDataDir: '.actp' });
    const alert = (body: string) =>
      JSON.stringify({
        level: 'warn',
        time: '2026-11-05T10:00:00.000Z',
        app: 'approval-bot',
        kind: 'alert',
        body,
        msg: 'alert',
      });
    const body = `Self-test failed\n${Array.from({ length: 40 }, (_, index) => `- test ${index}\u001b[2J`).join('\n')}`;
    logs.app('approval-bot', alert(body));
    expect(shown.slice(0, 2)).toEqual([
      'approval-bot: Self-test failed',
      'approval-bot: - test 0⟦U+001B⟧[2J',
    ]);
    expect(shown.at(-1)).toBe('approval-bot: ... the whole alert is in .actp/logs/alerts.log');
    expect(shown).toHaveLength(11);
    await logs.close();
    const text = await fileOf('alerts');
    expect(text).toMatch(/^2026-11-05T10:00:00\.000Z alert\nSelf-test failed\n- test 0/);
    expect(text).toContain('- test 39⟦U+001B⟧[2J\n');
  });
});
