import { describe, expect, it } from 'vitest';
import { withoutInspector } from './node-options.ts';

describe('NODE_OPTIONS of an app', () => {
  it.each([
    ['--inspect', undefined],
    ['--inspect=127.0.0.1:9229', undefined],
    ['--inspect-brk', undefined],
    ['--inspect-brk=9230 --inspect-wait', undefined],
    ['--inspect-port 9230', undefined],
    ['--inspect-port=9230 --inspect-publish-uid=http', undefined],
    ['--debug-port 9230 --no-warnings', '--no-warnings'],
    ['"--inspect" --trace-warnings', '--trace-warnings'],
    ['--max-old-space-size=512   --inspect --trace-warnings', '--max-old-space-size=512 --trace-warnings'],
    [String.raw`--require "./a b\"c.js" --inspect=0`, String.raw`--require "./a b\"c.js"`],
    ['--require ./inspect.js', '--require ./inspect.js'],
    ['', undefined],
  ])('%s', (given, kept) => {
    expect(withoutInspector(given)).toBe(kept);
  });
});
