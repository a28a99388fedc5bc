import { describe, expect, it } from 'vitest';
import { createLogger, type Logger } from './log.ts';

// Built from parts so that no scanner takes this file for a leak.
const key = ['sk', 'ant', 'api03-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789'].join('-');
const url = ['redis://worker', 'hunter2hunter2@127.0.0.1:6379'].join(':');

/** What a logger writes. */
function written(write: (log: Logger) => void, level = 'trace'): Array<Record<string, unknown>> {
  const lines: string[] = [];
  const log = createLogger({ app: 'test', level, destination: { write: (line) => void lines.push(line) } });
  write(log);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the logger', () => {
  it('writes one JSON line per event: time, level and app in words, facts in fields', () => {
    const [line] = written((log) => log.info({ job_id: '7', ms: 3 }, 'job'));
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      app: 'test',
      job_id: '7',
      ms: 3,
      msg: 'job',
    });
  });

  it('writes nothing below its level', () => {
    expect(written((log) => log.debug('quiet'), 'info')).toEqual([]);
  });

  const failure = new Error(`cannot reach ${url}`, { cause: new Error(`key ${key}`) });

  it.each<[where: string, write: (log: Logger) => void]>([
    ['the message', (log) => log.info(`connecting to ${url} with ${key}`)],
    ['a field', (log) => log.info({ target: url, note: `uses ${key}` }, 'm')],
    ['a field of a telling name', (log) => log.info({ password: 'hunter2hunter2', apiKey: key }, 'm')],
    ['a deep field', (log) => log.info({ a: [{ b: { token: key, c: [url] } }] }, 'm')],
    ['the name of a field', (log) => log.info({ [key]: 1, [url]: 2 }, 'm')],
    ['an error in a field', (log) => log.warn({ err: failure }, 'm')],
    ['an error under another name', (log) => log.warn({ reason: failure, error: failure }, 'm')],
    ['an error alone', (log) => log.error(failure)],
    ['an error with a message', (log) => log.error(failure, `failed for ${key}`)],
    ['an error deep inside', (log) => log.error({ a: { b: [failure] } }, 'm')],
    ['what is no error under err', (log) => log.error({ err: { message: url, token: key } }, 'm')],
    ['the facts of a child', (log) => log.child({ target: url, secret: key }).info('m')],
    [
      'the facts of a child’s child',
      (log) => log.child({ a: 1 }).child({ target: url, secret: key }).info('m'),
    ],
    [
      'facts that are set later',
      (log) => {
        log.setBindings({ target: url, secret: key });
        log.info('m');
      },
    ],
    ['arguments of a format', (log) => log.info('%s and %j', url, { token: key })],
    ['an error as an argument of a format', (log) => log.info('it says %o', failure)],
  ])('[SEC-020] takes secrets out of %s', (_where, write) => {
    const text = JSON.stringify(written(write));
    expect(text).not.toContain('hunter2hunter2');
    expect(text).not.toContain(key);
    expect(text).toContain('[redacted');
  });

  it('keeps what helps: the kind, message, place and cause of an error', () => {
    const [line] = written((log) =>
      log.warn({ err: new TypeError('no such thing', { cause: failure }) }, 'm'),
    );
    expect(line?.['err']).toMatchObject({
      type: 'TypeError',
      message: 'no such thing',
      stack: expect.stringContaining('log.unit.test.ts'),
      cause: {
        message: expect.stringMatching(
          /^cannot reach redis:\/\/worker:\[redacted:url-password:[0-9a-f]{6}\]@/,
        ),
      },
    });
  });

  it('survives what cannot be written as JSON', () => {
    const cycle: Record<string, unknown> = { n: 1n };
    cycle['self'] = cycle;
    expect(written((log) => log.info({ cycle }, 'm'))).toHaveLength(1);
  });
});
