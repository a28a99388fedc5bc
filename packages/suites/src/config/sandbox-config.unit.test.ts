import { describe, expect, it } from 'vitest';
import { describeProblem } from './config-problem.ts';
import { parseSelftestConfig } from './read-selftest-config.ts';

function problemsIn(text: string): string[] {
  const outcome = parseSelftestConfig(text);
  if (outcome.ok) throw new Error('it was accepted');
  return outcome.problems.map((problem) => describeProblem('selftest.yaml', problem));
}

function configOf(text: string) {
  const outcome = parseSelftestConfig(text);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.config;
}

describe('the sandbox in the configuration', () => {
  it('[TRU-002] keeps suites and services apart that do not say otherwise', () => {
    const { suites, services } = configOf(`
services:
  - { name: a, url: "http://127.0.0.1:1/", start: [x] }
  - { name: b, url: "http://127.0.0.1:1/", start: [x], sandbox: off }
suites:
  - { name: a, command: [x] }
  - { name: b, command: [x], sandbox: off }
`);
    expect(suites.map(({ sandbox }) => sandbox)).toEqual(['on', 'off']);
    expect(services).toMatchObject([{ start: { command: ['x'] } }, { start: { sandbox: 'off' } }]);
  });

  it.each([
    [
      'suites: [{ name: a, command: [x], sandbox: false }]',
      'selftest.yaml:1 suites[0].sandbox must be one of: on, off',
    ],
    [
      'suites: [{ name: a, command: [x], sandbox: none }]',
      'selftest.yaml:1 suites[0].sandbox must be one of: on, off',
    ],
    [
      'services: [{ name: a, url: "http://h/", start: [x], sandbox: no }]',
      'selftest.yaml:1 services[0].sandbox must be one of: on, off',
    ],
    [
      'services: [{ name: a, url: "http://h/", sandbox: off }]',
      'selftest.yaml:1 services[0].sandbox needs start',
    ],
    [
      'services: [{ name: a, builtin: redis, sandbox: off }]',
      'selftest.yaml:1 services[0].sandbox does not go with builtin',
    ],
    [
      'suites: [{ name: a, command: [x], pass_env: [ACTP_ADDED_LATER] }]',
      'selftest.yaml:1 suites[0].pass_env[0] must not name a secret of the plane itself',
    ],
  ])('[TRU-002] %s is refused', (text, problem) => {
    expect(problemsIn(text)).toEqual([problem]);
  });
});
