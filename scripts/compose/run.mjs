// Docker Compose, whichever of its two kinds there is.
import { spawn, spawnSync } from 'node:child_process';
import process from 'node:process';
import { repositoryRoot as root } from '../paths.mjs';

/** What is said and ends the command. */
export class ComposeError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

let found;

/** The words in front of a command of Compose. @throws ComposeError when there is none */
function composeWords() {
  const kinds = [['docker', 'compose'], ['docker-compose']];
  found ??= kinds.find(
    ([program, ...words]) => spawnSync(program, [...words, 'version'], { stdio: 'ignore' }).status === 0,
  );
  if (found === undefined) {
    throw new ComposeError(
      'Docker Compose was not found.\nInstall Docker with Compose v2, or docker-compose 1.29.',
    );
  }
  return found;
}

/**
 * Runs a command of Compose to its end.
 *
 * @param {string[]} words
 * @param {{stdio?: import('node:child_process').StdioOptions, env?: Record<string, string>}} options
 * @returns {Promise<{code: number, out: string}>} `out` is empty unless standard output is piped
 */
export function compose(words, { stdio = 'inherit', env = {} } = {}) {
  const [program, ...first] = composeWords();
  const child = spawn(program, [...first, ...words], { cwd: root, stdio, env: { ...process.env, ...env } });
  // The terminal sends Ctrl-C to both; Compose ends by itself.
  const wait = () => undefined;
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, wait);
  let out = '';
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, wait);
      resolve({ code: code ?? 1, out });
    });
  });
}

/** The same for what has to work. @throws ComposeError when it does not; it has said why */
export async function mustCompose(words, options) {
  const { code, out } = await compose(words, options);
  if (code !== 0) throw new ComposeError(`Compose ended with ${code}: ${words.slice(0, 2).join(' ')}`);
  return out;
}
