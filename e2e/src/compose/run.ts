import { spawn } from 'node:child_process';
import process from 'node:process';

export interface Ran {
  code: number;
  /** What it wrote to standard output. */
  out: string;
  /** The end of what it wrote to both. */
  said: string;
}

export interface RunOptions {
  cwd?: string;
  env?: Readonly<Record<string, string | undefined>>;
  input?: string;
  /** What it writes and reads are bytes, each a character. */
  binary?: boolean;
  /** Only to end what hangs. */
  timeoutMs?: number;
}

const keptBytes = 6_000;

/** Runs a command to its end; a code other than 0 is up to the caller. */
export function run(words: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const [program = '', ...args] = words;
  const { cwd, input, timeoutMs = 900_000 } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    let out = '';
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString(options.binary === true ? 'latin1' : 'utf8');
      said = (said + chunk.toString()).slice(-keptBytes);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-keptBytes);
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input, options.binary === true ? 'latin1' : 'utf8');
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, out, said }));
  });
}

/** The same for what has to work. @throws Error with the end of what it said */
export async function mustRun(words: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, out, said } = await run(words, options);
  if (code !== 0) throw new Error(`${words.slice(0, 4).join(' ')} ... ended with ${code}:\n${said.trim()}`);
  return out;
}
