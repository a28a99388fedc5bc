import { describe, expect, it } from 'vitest';
import { createProtection } from './protected-paths.ts';

// One path for each name that is protected, so that none can be lost unnoticed.
const paths: Record<string, string> = {
  'a test': `
    test_calc.py calc_test.go calc.test.ts calc.spec.js calc_spec.rb CalcTest.java CalcTests.java CalcTest.kt CalcTest.php
    test/a.txt tests/a.txt spec/a.txt specs/a.txt __tests__/a.txt __snapshots__/a.txt __mocks__/a.txt testdata/a.txt fixtures/a.txt
    page.snap calc.fixture.ts conftest.py test.py tests.py`,
  'how tests are run': `
    pytest.ini tox.ini setup.cfg pyproject.toml noxfile.py .coveragerc setup.py
    vitest.shims.d.ts vite.config.mts jest.preset.js karma.conf.js playwright.config.ts cypress.json .mocharc.cjs babel.config.json
    package.json tsconfig.json tsconfig.build.json .rspec phpunit.xml GNUmakefile Makefile makefile Rakefile justfile Taskfile.yml
    sitecustomize.py usercustomize.py paths.pth .python-version .nvmrc .npmrc .pnp.cjs .yarnrc.yml .swcrc
    .pytest.ini .pytest.toml calc-1.0.dist-info/METADATA calc.egg-info/PKG-INFO pyvenv.cfg .babelrc .babelrc.json .postcssrc.json
    postcss.config.js ava.config.js .tool-versions mise.toml .mise.toml .envrc .node-version
    deno.json deno.jsonc turbo.json nx.json lerna.json bunfig.toml .yarn/a.cjs Cargo.toml build.rs .cargo/config.toml pom.xml
    build.gradle build.gradle.kts settings.gradle.kts gradlew gradlew.bat mvnw mvnw.cmd CMakeLists.txt Gemfile composer.json
    unittest/case.py unittest.py pytest/a.py pytest.py _pytest/a.py pluggy/a.py doctest.py nose/a.py pluggy.py
    iniconfig/a.py iniconfig.py pygments/a.py pygments.py xmlrunner/a.py junit_xml.py
    os.py sys.py io.py re.py ast.py json.py time.py types.py typing.py inspect.py functools.py importlib.py traceback.py
    warnings.py xml.py abc.py enum.py collections.py contextlib.py operator.py itertools.py copy.py random.py string.py
    pathlib.py tempfile.py shutil.py subprocess.py dataclasses.py logging.py argparse.py signal.py threading.py platform.py
    linecache.py tokenize.py runpy.py builtins.py site.py`,
  'an installed package': `
    node_modules/a.js .venv/a venv/a site-packages/a.py dist-packages/a.py vendor/bundle/a.rb .tox/a`,
  'a lock file': `
    package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml pnpm-workspace.yaml bun.lockb poetry.lock Pipfile
    requirements.txt requirements-dev.txt constraints-dev.txt go.sum go.mod gradle.lockfile`,
  CI: `
    .github/a.yml .gitlab-ci.yml .gitlab/a.yml .circleci/a.yml .buildkite/a.yml .woodpecker.yml .drone.yml .travis.yml
    Jenkinsfile Jenkinsfile.nightly azure-pipelines.yml bitbucket-pipelines.yml .pre-commit-config.yaml .husky/pre-commit`,
  git: '.git/config .gitattributes .gitmodules .gitignore',
  'the policy': 'policy.yaml my-policy.ts policies/a.ts our-policies/a.ts',
  'the guard': 'guard.ts guards/a.ts my-guard.ts',
  'the audit log': 'audit.ts write-audit.sql',
  approvals: 'approval.ts approvals/a.ts pre-approval.ts',
  'the kill switch':
    'kill-switch.ts my-kill-switch.ts kill_switches/a.py my_kill_switch.py KillSwitch.java OurKillSwitch.java',
  'the self-test': `
    selftest.yaml our-selftest.yaml self-test.ts our-self-test.ts self_tests/a.py our_self_tests/a.py self-heal.ts our-self-heal.ts heal/a.ts`,
  'compiled code': 'calc.so calc.pyd calc.pyc calc.node calc.dylib calc.dll',
  'a secret': '.env .env.local server.pem id.key',
};
const cases = Object.entries(paths).flatMap(([why, list]) =>
  list
    .trim()
    .split(/\s+/)
    .map((path) => [path, why] as const),
);

describe('[SEC-008] no heal touches, wherever it is', () => {
  const protection = createProtection({ globs: [], files: [], prefix: '' });

  it.each(cases)('%s: %s', (path, why) => {
    expect([protection.of(path), protection.of(`deep/er/${path}`)]).toEqual([why, why]);
  });

  it.each(['calc.py', 'src/index.ts', 'lib/keys.rb', 'a/environment.py', 'contest.py', 'README.md'])(
    'what is none of it may be changed: %s',
    (path) => {
      expect(protection.of(path)).toBe(null);
    },
  );
});
