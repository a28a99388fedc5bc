import { describe, expect, it } from 'vitest';
import { infoProblem, parseInfo } from './redis-info.ts';

const info = (more: Record<string, string>) =>
  parseInfo(
    Object.entries({ redis_version: '7.0.15', redis_mode: 'standalone', role: 'master', ...more })
      .map(([name, value]) => `${name}:${value}\r\n`)
      .join(''),
  );

describe('what a Redis says of itself', () => {
  it.each([
    ['6.2.0', undefined],
    ['7.2.4', undefined],
    ['10.0.1', undefined],
    ['255.255.255', undefined],
    ['6.0.16', 'is too old (6.0.16)'],
    ['5.0.7', 'is too old (5.0.7)'],
  ])('version %s', (redis_version, problem) => {
    expect(infoProblem(info({ redis_version }), 'REDIS_URL')?.problem).toEqual(
      problem && expect.stringContaining(problem),
    );
  });

  it('tells a Sentinel, and takes one that says little', () => {
    expect(infoProblem(info({ redis_mode: 'sentinel' }), 'REDIS_URL')?.problem).toContain('is a Sentinel');
    expect(infoProblem(parseInfo('# Server\r\n'), 'REDIS_URL')).toBeUndefined();
  });
});
