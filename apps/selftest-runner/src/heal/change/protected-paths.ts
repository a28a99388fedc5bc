import { globMatcher } from '@actp/suites/config/glob';

/** What no heal may touch, whatever the configuration says: group and globs, relative to the repository. */
const builtIn: Record<string, readonly string[]> = {
  'a test': [
    ...[
      'test_*',
      '*_test.*',
      '*.test.*',
      '*.spec.*',
      '*_spec.*',
      '*Test.java',
      '*Tests.java',
      '*Test.kt',
      '*Test.php',
    ],
    ...['test', 'tests', 'spec', 'specs', '__tests__', '__snapshots__', '__mocks__', 'testdata', 'fixtures'],
    ...['*.snap', '*.fixture.*', 'conftest.py', 'test.py', 'tests.py'],
  ],
  'how tests are run': [
    ...['pytest.ini', 'tox.ini', 'setup.cfg', 'pyproject.toml', 'noxfile.py', '.coveragerc', 'setup.py'],
    ...[
      'vitest.*',
      'vite.config.*',
      'jest.*',
      'karma.*',
      'playwright.*',
      'cypress.*',
      '.mocharc*',
      'babel.config.*',
    ],
    ...[
      'package.json',
      'tsconfig*.json',
      '.rspec',
      'phpunit*',
      '{GNUm,M,m}akefile',
      'Rakefile',
      'justfile',
      'Taskfile.*',
    ],
    ...[
      'sitecustomize*',
      'usercustomize*',
      '*.pth',
      '.python-version',
      '.nvmrc',
      '.npmrc',
      '.pnp.*',
      '.yarnrc*',
      '.swcrc',
    ],
    // Read by runners and tool chains without being named anywhere.
    ...['.pytest.ini', '.pytest.toml', '*.dist-info', '*.egg-info', 'pyvenv.cfg', '.babelrc*', '.postcssrc*'],
    ...['postcss.config.*', 'ava.config.*', '.tool-versions', '{,.}mise.toml', '.envrc', '.node-version'],
    ...['{deno,turbo,nx,lerna}.json*', 'bunfig.toml', '.yarn', 'Cargo.toml', 'build.rs', '.cargo', 'pom.xml'],
    ...[
      'build.gradle*',
      'settings.gradle*',
      'gradlew*',
      'mvnw*',
      'CMakeLists.txt',
      'Gemfile',
      'composer.json',
    ],
    // A module of this name beside the tests is loaded in the place of the real one.
    ...[
      'unittest',
      'unittest.*',
      'pytest',
      'pytest.*',
      '_pytest',
      'pluggy',
      'doctest.*',
      'nose',
      'pluggy.*',
      'iniconfig',
      'iniconfig.*',
      'pygments',
      'pygments.*',
      'xmlrunner',
      'junit_xml*',
    ],
    ...[
      '{os,sys,io,re,ast,json,time,types,typing,inspect,functools,importlib,traceback,warnings,xml,abc,enum}.py',
    ],
    ...[
      '{collections,contextlib,operator,itertools,copy,random,string,pathlib,tempfile,shutil,subprocess}.py',
    ],
    ...['{dataclasses,logging,argparse,signal,threading,platform,linecache,tokenize,runpy,builtins,site}.py'],
  ],
  'an installed package': [
    'node_modules',
    '.venv',
    'venv',
    'site-packages',
    'dist-packages',
    '**/vendor/bundle',
    '.tox',
  ],
  'a lock file': [
    ...[
      'package-lock.json',
      'npm-shrinkwrap.json',
      'yarn.lock',
      'pnpm-lock.yaml',
      'pnpm-workspace.yaml',
      'bun.lock*',
    ],
    ...['*.lock', 'Pipfile', 'requirements*.txt', 'constraints*.txt', 'go.sum', 'go.mod', 'gradle.lockfile'],
  ],
  CI: [
    ...[
      '.github',
      '.gitlab-ci*',
      '.gitlab',
      '.circleci',
      '.buildkite',
      '.woodpecker*',
      '.drone*',
      '.travis.yml',
    ],
    ...['Jenkinsfile*', 'azure-pipelines*', 'bitbucket-pipelines*', '.pre-commit-config.yaml', '.husky'],
  ],
  git: ['.git', '.gitattributes', '.gitmodules', '.gitignore'],
  'the policy': ['*policy*', '*policies*'],
  'the guard': ['*guard*'],
  'the audit log': ['*audit*'],
  approvals: ['*approval*'],
  'the kill switch': ['*kill-switch*', '*kill_switch*', '*killswitch*'],
  'the self-test': ['*selftest*', '*self-test*', '*self_test*', '*self-heal*', 'heal'],
  // Nobody can read it, and Python prefers it to the source beside it.
  'compiled code': ['*.so', '*.pyd', '*.pyc', '*.node', '*.dylib', '*.dll'],
  'a secret': ['.env', '.env.*', '*.pem', '*.key'],
};

export interface Protection {
  /** Why a path must not be touched; null when it may. */
  of(path: string): string | null;
}

/**
 * What a heal of one suite must not touch.
 *
 * @param given.globs `heal.protected` of the configuration, counted from the repository and from the suite's directory
 * @param given.files single paths, relative to the repository: the files that hold the suite's tests, the programs that run them
 * @param given.prefix the suite's directory relative to the repository, with a slash at its end; empty when it is the same
 */
export function createProtection(given: {
  globs: readonly string[];
  files: ReadonlyArray<{ path: string; why: string }>;
  prefix: string;
}): Protection {
  const rules = Object.entries(builtIn).map(([why, globs]) => ({ why, matchers: globs.map(globMatcher) }));
  const own = given.globs.map((glob) => ({ glob, matches: globMatcher(glob) }));
  const files = new Map(given.files.map(({ path, why }) => [path.toLowerCase(), why]));
  return {
    of(path) {
      const file = files.get(path.toLowerCase());
      if (file !== undefined) return file;
      const inner = path.startsWith(given.prefix) ? path.slice(given.prefix.length) : path;
      const hit = own.find(({ matches }) => matches(path) || matches(inner));
      if (hit) return `protected by ${JSON.stringify(hit.glob)}`;
      const rule = rules.find(({ why, matchers }) => {
        // A suite that itself lies below a directory of that name is no test as a whole.
        const looked = why === 'a test' ? inner : path;
        return matchers.some((matches) => matches(looked));
      });
      return rule?.why ?? null;
    },
  };
}
