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

describe('the self-test configuration', () => {
  it('may be empty lists, and then has the documented defaults for healing', () => {
    expect(configOf('services: []\nsuites: []')).toEqual({
      services: [],
      suites: [],
      heal: {
        mode: 'verify',
        max_attempts_per_day: 2,
        same_failure_hours: 24,
        breaker_failures: 3,
        protected: [],
      },
    });
  });

  it('of the documentation is understood', () => {
    const config = configOf(`
services:
  - { name: gateway, url: "http://127.0.0.1:8787/healthz", expect_status: 200, timeout_seconds: 5 }
  - { name: svc, url: "http://127.0.0.1:9000/", start: ["python3", "server.py"], cwd: ../svc }
  - { name: jobs, builtin: queues }
suites:
  - name: worker
    cwd: ../actp-worker-py
    command: ["python3", "-m", "pytest", "tests/", "-q", "--junitxml=report.xml"]
    junit: report.xml
    rerun: ["python3", "-m", "pytest", "-q", "--junitxml=report.xml", "{tests}"]
    timeout_seconds: 900
    heal: true
heal: { mode: propose, protected: ["docs/**"] }
`);
    expect(config.services).toEqual([
      {
        name: 'gateway',
        kind: 'http',
        url: 'http://127.0.0.1:8787/healthz',
        expect_status: 200,
        timeout_seconds: 5,
        start: null,
      },
      {
        name: 'svc',
        kind: 'http',
        url: 'http://127.0.0.1:9000/',
        expect_status: 200,
        timeout_seconds: 5,
        start: {
          command: ['python3', 'server.py'],
          cwd: '../svc',
          timeout_seconds: 30,
          pass_env: [],
          env: {},
        },
      },
      { name: 'jobs', kind: 'builtin', builtin: 'queues', timeout_seconds: 5 },
    ]);
    expect(config.suites[0]).toMatchObject({ heal: true, timeout_seconds: 900, junit: 'report.xml' });
    expect(config.heal).toMatchObject({ mode: 'propose', max_attempts_per_day: 2, protected: ['docs/**'] });
  });

  it('gives nobody the right to change a suite that does not say so', () => {
    expect(configOf('suites: [{ name: a, command: [x] }]').suites[0]).toMatchObject({
      heal: false,
      cwd: '.',
      timeout_seconds: 900,
    });
  });

  it('that is wrong is answered with file, line, path and rule of every problem', () => {
    const problems = problemsIn(`
services:
  - name: a
    url: ftp://x
  - { name: b }
  - { name: c, builtin: nope, extra: 1 }
suites:
  - name: x
    command: []
    timeout_seconds: "5"
  - name: y
    comand: [a]
    timeout_seconds: -1
    env: { C: 5 }
  - just text
heal: { mode: never, max_attempts_per_day: 1.5 }
top: 1
`);
    expect(problems).toEqual([
      'selftest.yaml:4 services[0].url must be a URL that starts with http:// or https://',
      'selftest.yaml:5 services[1] must have a url, or builtin',
      'selftest.yaml:6 services[2].builtin must be one of: gateway, redis, database, queues',
      'selftest.yaml:6 services[2].extra is not a known key',
      'selftest.yaml:9 suites[0].command must name a program',
      'selftest.yaml:10 suites[0].timeout_seconds must be a number',
      'selftest.yaml:11 suites[1].command is missing',
      'selftest.yaml:12 suites[1].comand is not a known key',
      'selftest.yaml:13 suites[1].timeout_seconds must be greater than 0',
      'selftest.yaml:14 suites[1].env.C must be text (quote it when it looks like something else)',
      'selftest.yaml:15 suites[2] must be a mapping',
      'selftest.yaml:16 heal.mode must be one of: report, verify, propose',
      'selftest.yaml:16 heal.max_attempts_per_day must be a whole number',
      'selftest.yaml:17 top is not a known key',
    ]);
  });

  it.each([
    [
      'a repeated suite name',
      'suites: [{ name: a, command: [x] }, { name: a, command: [y] }]',
      'selftest.yaml:1 suites[1].name is the name of an earlier one',
    ],
    [
      'a repeated service name',
      'services:\n- { name: a, builtin: redis }\n- { name: a, builtin: queues }',
      'selftest.yaml:3 services[1].name is the name of an earlier one',
    ],
    [
      'a rerun that names no tests',
      'suites: [{ name: a, command: [x], rerun: [x] }]',
      'selftest.yaml:1 suites[0].rerun must have the part "{tests}" exactly once',
    ],
    [
      'a rerun with the tests inside of a part',
      'suites: [{ name: a, command: [x], rerun: [x, "{tests}", "-k={tests}"] }]',
      'selftest.yaml:1 suites[0].rerun "{tests}" must be a part of its own: it becomes one argument per test',
    ],
    [
      'healing without a rerun',
      'suites:\n- { name: a, command: [x], heal: true }',
      'selftest.yaml:2 suites[0].heal needs rerun: how to run only the failing tests',
    ],
    [
      'a protected glob that protects nothing',
      'heal:\n  protected:\n  - docs/**\n  - "../policy"',
      'selftest.yaml:4 heal.protected[1] "../policy" must not contain "." or ".."',
    ],
    [
      'a protected glob in an unknown language',
      'heal: { protected: ["src/+(a|b)"] }',
      'selftest.yaml:1 heal.protected[0] "src/+(a|b)" must not use "(...)" patterns, which are not known',
    ],
    [
      'an empty program',
      'suites: [{ name: a, command: [""] }]',
      'selftest.yaml:1 suites[0].command[0] must begin with a program',
    ],
    [
      'an option in place of the program',
      'suites: [{ name: a, command: ["-c", "x"] }]',
      'selftest.yaml:1 suites[0].command[0] must begin with a program',
    ],
    [
      'a NUL in an argument',
      'suites: [{ name: a, command: ["x", "\\0"] }]',
      'selftest.yaml:1 suites[0].command[1] must not contain a NUL character',
    ],
    [
      'a wish for our secrets',
      'suites: [{ name: a, command: [x], pass_env: [WORKER_SECRET] }]',
      'selftest.yaml:1 suites[0].pass_env[0] must not name a secret of the plane itself',
    ],
    [
      'a built-in check with an address',
      'services: [{ name: a, builtin: redis, url: "http://x" }]',
      'selftest.yaml:1 services[0].url does not go with builtin',
    ],
    [
      'a start time without a start',
      'services: [{ name: a, url: "http://x", start_timeout_seconds: 3 }]',
      'selftest.yaml:1 services[0].start_timeout_seconds needs start',
    ],
    [
      'a time-out of a million seconds',
      'suites: [{ name: a, command: [x], timeout_seconds: 1000000 }]',
      'selftest.yaml:1 suites[0].timeout_seconds must be at most 86400 seconds',
    ],
    ['lists that are not there', 'services:\nsuites:\n', 'selftest.yaml:1 services must be a list'],
    ['a single word', 'hello', 'selftest.yaml:1: must be a mapping'],
    ['nothing', '', 'selftest.yaml: is empty; write "services: []" for no service'],
    ['nothing but a document', '---\n', 'selftest.yaml: is empty; write "services: []" for no service'],
    ['nothing but null', 'null\n', 'selftest.yaml: is empty; write "services: []" for no service'],
    [
      'names of the language',
      '__proto__: { a: 1 }\nservices: []',
      'selftest.yaml:1 __proto__ is not a known key',
    ],
  ])('is refused for %s', (_what, text, problem) => {
    expect(problemsIn(text)).toContain(problem);
  });

  it.each([
    ['a bracket that is not closed', 'services: [\n  - {a', /^selftest\.yaml:2: is not valid YAML: /],
    ['a tab', 'services:\n\t- a', /^selftest\.yaml:2: is not valid YAML: Tabs are not allowed/],
    [
      'a key that stands there twice',
      'services: []\nservices: []',
      /^selftest\.yaml:2: is not valid YAML: Map keys must be unique/,
    ],
    [
      'two documents',
      'services: []\n---\nsuites: []',
      /^selftest\.yaml:2: is not valid YAML: Source contains multiple documents/,
    ],
    ['an unknown tag', 'services: !run []', /^selftest\.yaml:1: is not valid YAML: Unresolved tag/],
    ['an alias of nothing', 'services: *x', /cannot be used as YAML/],
    ['endless nesting', `services: ${'['.repeat(50_000)}`, /^selftest\.yaml:1: is not valid YAML/],
  ])('that is no YAML because of %s says where', (_what, text, problem) => {
    expect(problemsIn(text)[0]).toMatch(problem);
  });

  it('names what is wrong behind a mistake in its form', () => {
    const text = [
      'services:',
      '  - { name: one, builtin: redis }',
      '\t- { name: two, builtin: redis }',
      '  - { name: three, builtin: redi }',
      '  - { name: four: x, builtin: redis }',
      'suites:',
      '  - name: five',
      '   command: [node]',
      '    timeout_seconds: -1',
      '  - name: six',
      '    command:',
      '      - node',
      '      - --test',
      "    junit: 'out.xml",
      '    heel: true',
      ' heal: { mode: nothing }',
      'extra: 1',
    ];
    expect(problemsIn(`${text.join('\n')}\n`)).toEqual([
      'selftest.yaml:3: is not valid YAML: Tabs are not allowed as indentation',
      'selftest.yaml:4 services[2].builtin must be one of: gateway, redis, database, queues',
      'selftest.yaml:5: is not valid YAML: a comma is missing, or a value with a colon in it has to stand in quotes',
      'selftest.yaml:8: is not valid YAML: the line is not indented as those beside it',
      'selftest.yaml:9 suites[0].timeout_seconds must be greater than 0',
      'selftest.yaml:14: is not valid YAML: a quote is not closed',
      'selftest.yaml:15 suites[1].heel is not a known key',
      'selftest.yaml:16: is not valid YAML: the line is not indented as those beside it',
      'selftest.yaml:17 extra is not a known key',
    ]);
  });

  it('names what YAML takes for something else, and what else is wrong, in one go', () => {
    const text = `services: [{ name: a, url: "http://x", comand: y }]
suites:
  - { name: a, command: [pytest, *.py] }
  - { name: @b, command: [x] }
heal: { protected: [*.lock], mode: never }
`;
    expect(problemsIn(text)).toEqual([
      'selftest.yaml:1 services[0].comand is not a known key',
      'selftest.yaml:3: cannot be used as YAML: a * at the beginning has to stand in quotes',
      'selftest.yaml:4: is not valid YAML: a @ at the beginning has to stand in quotes',
      'selftest.yaml:5: cannot be used as YAML: a * at the beginning has to stand in quotes',
    ]);
  });

  it('does not grow in memory by aliases of aliases', () => {
    const row = (name: string, of: string) =>
      `${name}: &${name} [${Array.from({ length: 10 }, () => of).join(', ')}]\n`;
    const bomb = `${row('a', 'x')}${row('b', '*a')}${row('c', '*b')}${row('d', '*c')}${row('e', '*d')}services: *e\n`;
    expect(problemsIn(bomb)).toEqual([expect.stringContaining('Excessive alias count')]);
  });

  it('lists no more problems than anybody reads', () => {
    const keys = Array.from({ length: 500 }, (_, n) => `key${n}: 1`).join('\n');
    expect(problemsIn(keys)).toHaveLength(50);
  });
});
