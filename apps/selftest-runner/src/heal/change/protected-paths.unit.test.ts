import { describe, expect, it } from 'vitest';
import { growsLinearly } from '@actp/testing/growth';
import { detectTestTampering } from './test-tampering.ts';
import { createProtection } from './protected-paths.ts';

describe('what a heal must not touch', () => {
  const protection = createProtection({
    globs: ['docs/**'],
    files: [{ path: 'svc/checks.py', why: 'a test' }],
    prefix: 'svc/',
  });

  it.each([
    ['svc/test_x.py', 'a test'],
    ['svc/checks.py', 'a test'],
    ['svc/a/tests/data.json', 'a test'],
    ['svc/docs/x.md', 'protected by "docs/**"'],
    ['docs/x.md', 'protected by "docs/**"'],
    ['packages/policy/src/x.ts', 'the policy'],
    ['svc/Guard.ts', 'the guard'],
    ['.github/workflows/x.yml', 'CI'],
    ['svc/poetry.lock', 'a lock file'],
    ['svc/conftest.py', 'a test'],
    ['svc/vitest.config.ts', 'how tests are run'],
    ['svc/package.json', 'how tests are run'],
    ['svc/.envrc', 'how tests are run'],
    ['svc/Cargo.toml', 'how tests are run'],
    ['svc/unittest/case.py', 'how tests are run'],
    ['svc/enum.py', 'how tests are run'],
    ['svc/shutil.py', 'how tests are run'],
    ['svc/linecache.py', 'how tests are run'],
    ['svc/node_modules/a/index.js', 'an installed package'],
    ['.venv/bin/python', 'an installed package'],
    ['svc/requirements-dev.txt', 'a lock file'],
    ['pnpm-lock.yaml', 'a lock file'],
    ['.gitlab-ci.yml', 'CI'],
    ['.husky/pre-commit', 'CI'],
    ['.gitattributes', 'git'],
    ['.git/config', 'git'],
    ['config/policy.yaml', 'the policy'],
    ['svc/policies/a.ts', 'the policy'],
    ['packages/services/src/audit/log.ts', 'the audit log'],
    ['svc/write-audit.ts', 'the audit log'],
    ['svc/approvals/press.ts', 'approvals'],
    ['svc/approval.ts', 'approvals'],
    ['svc/kill-switch.ts', 'the kill switch'],
    ['svc/kill_switches/a.py', 'the kill switch'],
    ['svc/KillSwitch.java', 'the kill switch'],
    ['apps/selftest-runner/src/main.ts', 'the self-test'],
    ['svc/self-test.ts', 'the self-test'],
    ['svc/run_self_test.py', 'a test'],
    ['svc/self_tests/run.py', 'the self-test'],
    ['svc/self-heal.ts', 'the self-test'],
    ['svc/heal/verify.ts', 'the self-test'],
    ['svc/calc.so', 'compiled code'],
    ['svc/calc.pyc', 'compiled code'],
    ['svc/calc.node', 'compiled code'],
    ['.env', 'a secret'],
    ['svc/.env.local', 'a secret'],
    ['svc/server.pem', 'a secret'],
    ['svc/server.key', 'a secret'],
    ['svc/calc.py', null],
    ['svc/contest.py', null],
    ['svc/healthy.py', null],
    ['svc/keys.py', null],
  ])('%s: %s', (path, why) => {
    expect(protection.of(path)).toBe(why);
  });

  it('is no ordinary code, but code that begins to know of its tests', () => {
    expect(detectTestTampering('', 'def add(a, b):\n    return a + b  # the sum\n')).toBe(null);
    expect(detectTestTampering('', 'const found = /x/.exec(text)')).toBe(null);
    expect(detectTestTampering('import unittest\n', 'import unittest\nx = 1\n')).toBe(null);
    expect(detectTestTampering('', 'if (process.env.VITEST) return 5')).toBe('whether it is being tested');
    expect(detectTestTampering('import sys\n\nsys.exit(0)\n', 'import sys\nif x:\n    y()\n')).toBe(null);
  });

  it.each([
    'ｏｓ._exit(0)',
    'process.\\u0065xit(0)',
    'os.\\\n _exit(0)',
    `x = '${'a'.repeat(3_000)}'; import sys; sys.settrace(1)`,
    'import sys as s',
    '# -*- coding: utf-7 -*-',
    'setattr(A, "__e" + "q__", f)',
  ])('is found however it is written: %j', (line) => {
    expect(detectTestTampering('', line)).not.toBe(null);
  });

  it('is looked for in a time that grows with the text alone', () => {
    for (const part of [' ', '\r\n ', '"__', ' .xml']) {
      const run = (length: number) => {
        const text = part.repeat(length);
        return () => detectTestTampering('', text);
      };
      expect(growsLinearly(run, 1_000), JSON.stringify(part)).toBe(true);
    }
  });
});
