import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Environment } from '@actp/suites/command/command-environment';

export interface Git {
  /** Standard output; null when git says no, is not there, or takes too long. */
  run(
    cwd: string,
    args: readonly string[],
    more?: { env?: Record<string, string>; codes?: readonly number[] },
  ): Promise<string | null>;
}

const timeoutMs = 60_000;
const maxOutput = 256 * 1024 * 1024;

// Nothing of the checkout's own is carried out: it may have been written by an agent.
const harmless = [
  ...['-c', 'core.fsmonitor=false'],
  ...['-c', 'core.hooksPath=/dev/null'],
  ...['-c', 'core.pager=cat'],
  ...['-c', 'commit.gpgSign=false'],
  ...['-c', 'log.showSignature=false'],
  ...['-c', 'core.sshCommand=false'],
  ...['-c', 'safe.directory=*'],
  '--no-optional-locks',
  '--literal-pathspecs',
];

// Missing objects are not fetched either: the repository itself would say by which program.
const harmlessEnv = { GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none', GIT_TERMINAL_PROMPT: '0' };
const filterKey = /^(filter\..*\.)(?:clean|smudge|process|required)$/s;

/** git with the part of our environment that it needs. */
export function createGit(ours: Environment): Git {
  const base: Record<string, string> = { LC_ALL: 'C', ...harmlessEnv };
  for (const name of ['PATH', 'HOME', 'TMPDIR'] as const) {
    if (ours[name] !== undefined) base[name] = ours[name];
  }
  const exec = promisify(execFile);

  /** Switches off the filters that the repository itself defines: git would run them on every file that it compares. */
  async function withoutFilters(cwd: string, env: Record<string, string>): Promise<Record<string, string>> {
    const words = ['config', '--null', '--show-scope', '--name-only', '--get-regexp', '^filter[.]'];
    const listed = await exec('git', [...harmless, ...words], {
      cwd,
      env,
      timeout: timeoutMs,
      maxBuffer: maxOutput,
    }).then(
      ({ stdout }) => stdout,
      () => '',
    );
    const parts = listed.split('\0');
    const own = parts.flatMap((key, at) => {
      const scope = parts[at - 1];
      const filter = filterKey.exec(key)?.[1];
      return at % 2 === 1 && filter !== undefined && (scope === 'local' || scope === 'worktree')
        ? [filter]
        : [];
    });
    const settings = [...new Set(own)].flatMap((filter) => [
      ...['clean', 'smudge', 'process'].map((name) => [`${filter}${name}`, '']),
      [`${filter}required`, 'false'],
    ]);
    const numbered = settings.flatMap(([key = '', value = ''], at) => [
      [`GIT_CONFIG_KEY_${at}`, key],
      [`GIT_CONFIG_VALUE_${at}`, value],
    ]);
    return { ...env, GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(numbered) };
  }

  return {
    async run(cwd, args, { env = {}, codes = [0] } = {}) {
      try {
        const { stdout } = await exec('git', [...harmless, ...args], {
          cwd,
          env: await withoutFilters(cwd, { ...base, ...env }),
          timeout: timeoutMs,
          maxBuffer: maxOutput,
        });
        return stdout;
      } catch (error) {
        // A failing command carries what it wrote.
        const failed = error as { code?: unknown; stdout?: unknown };
        return typeof failed.code === 'number' &&
          codes.includes(failed.code) &&
          typeof failed.stdout === 'string'
          ? failed.stdout
          : null;
      }
    },
  };
}

/** git in one place: a directory that is no repository (any more) is not taken for a part of the one around it. */
export function gitWithin(git: Git, place: string): Git {
  const env = { GIT_CEILING_DIRECTORIES: dirname(place) };
  return { run: (cwd, args, more = {}) => git.run(cwd, args, { ...more, env: { ...env, ...more.env } }) };
}
