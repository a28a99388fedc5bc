import { describe, expect, it } from 'vitest';
import { formatLogLine } from './format-log-line.ts';

describe('a line of an app on the console', () => {
  it('shows time, level, message and facts of an event', () => {
    const line = JSON.stringify({
      level: 'info',
      time: '2026-11-22T01:02:03.456Z',
      app: 'gateway',
      method: 'POST',
      status: 202,
      msg: 'request',
    });
    expect(formatLogLine(line)).toEqual({
      level: 'info',
      text: '01:02:03.456 info  request method=POST status=202',
    });
  });

  it('shows an error by its message alone', () => {
    const err = { type: 'Error', message: 'no luck', stack: 'Error: no luck\n  at x' };
    const { level, text } = formatLogLine(JSON.stringify({ level: 'error', msg: 'failed', err }));
    expect(level).toBe('error');
    expect(text).toBe('error failed err="no luck"');
  });

  it('redacts what no logger has seen to', () => {
    const { text } = formatLogLine('connect failed: postgresql://user:hunter2hunter2@host/db');
    expect(text).not.toContain('hunter2');
  });

  it('keeps control characters and endless values off the terminal', () => {
    const line = JSON.stringify({ level: 'info', msg: 'a\u001b[2Jb\nc', long: 'x'.repeat(10_000) });
    const { text } = formatLogLine(line);
    expect(text).not.toMatch(/\p{Cc}/u);
    expect(text.length).toBeLessThanOrEqual(400);
  });

  it('takes a line that only looks like JSON as it is', () => {
    expect(formatLogLine('{broken').text).toBe('{broken');
  });
});
