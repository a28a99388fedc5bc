import { describe, expect, it } from 'vitest';
import { AppError } from '@actp/shared/errors';
import { examine } from './examine.ts';
import { fail, off, ok, warn, type Check } from './finding.ts';

const check = (name: string, look: Check['look']): Check => ({ name, look });

describe('an examination', () => {
  it('keeps the order of its checks, counts, and says whether something needs a hand', async () => {
    const checks = [
      check('a', async () => ok('a', 'fine')),
      check('b', async () => [warn('b', 'late', 'hurry'), off('b2', 'not set')]),
      check('c', async () => fail('c', 'broken', 'repair it')),
    ];
    const { checks: found, summary, ok: fine } = await examine(checks, 60_000);
    expect(found.map(({ name }) => name)).toEqual(['a', 'b', 'b2', 'c']);
    expect(summary).toEqual({ ok: 1, warn: 1, fail: 1, off: 1 });
    expect(fine).toBe(false);
    expect((await examine([checks[0] ?? check('', async () => [])], 60_000)).ok).toBe(true);
    expect((await examine([check('b', async () => off('b', 'not set', 'set it'))], 60_000)).ok).toBe(true);
  });

  it('ends although a check never does, and tells that check', async () => {
    let told = false;
    const hanging = check('slow', (signal) => {
      signal.addEventListener('abort', () => (told = true));
      return new Promise(() => undefined);
    });
    const { checks } = await examine([hanging, check('a', async () => ok('a', 'fine'))], 20);
    expect(checks).toMatchObject([
      {
        name: 'slow',
        state: 'fail',
        detail: 'no result within 0.02 s',
        remedy: 'Look again; see docs/runbook.md',
      },
      { name: 'a', state: 'ok' },
    ]);
    expect(told).toBe(true);
  });

  it('takes a check that throws for a finding, without what others put into their messages', async () => {
    const { checks } = await examine(
      [
        check('ours', () => Promise.reject(new AppError('unavailable', 'the database is unavailable'))),
        check('theirs', () => Promise.reject(new Error('connect to redis://user:hunter2@host'))),
        check('system', () => Promise.reject(Object.assign(new Error('x'), { code: 'EACCES' }))),
        check('words', () => Promise.reject(Object.assign(new Error('x'), { code: 'user hunter2' }))),
        check('long', () => Promise.reject(Object.assign(new Error('x'), { code: 'E'.repeat(41) }))),
        // Somebody else's code throws what is no error.
        check('odd', () => Promise.reject({ code: 'EACCES' })),
      ],
      60_000,
    );
    expect(checks.map(({ detail }) => detail)).toEqual([
      'cannot be checked: the database is unavailable',
      'cannot be checked: an unexpected error',
      'cannot be checked: EACCES',
      'cannot be checked: an unexpected error',
      'cannot be checked: an unexpected error',
      'cannot be checked: an unexpected error',
    ]);
    expect(new Set(checks.map(({ state, remedy }) => `${state}: ${remedy}`))).toEqual(
      new Set(['fail: See the logs in ACTP_DATA_DIR/logs']),
    );
  });

  it('shows one line each, with nothing that a terminal would obey and without secrets', async () => {
    const token = `1234567890:${'AAbbCCdd_'.repeat(4)}`.slice(0, 46);
    const { checks } = await examine(
      [
        check('a', async () =>
          fail('a', `first\nsecond \u001B[2J ${token}`, 'postgres://me:hunter2hunter2@db/x'),
        ),
      ],
      60_000,
    );
    const text = JSON.stringify(checks);
    expect(checks[0]?.detail).toContain('first second');
    expect(text).not.toContain('\\u001b');
    expect(text).not.toContain(token);
    expect(text).not.toContain('hunter2');
  });
});
