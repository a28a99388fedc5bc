import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, chown, open, realpath, rename, rm, stat } from 'node:fs/promises';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { tryLock } from '@actp/embedded/file-lock';
import { StartupError } from '@actp/embedded/startup-error';
import { readEnvFile } from '@actp/shared/env-file/read';
import { mergeEnvironment, type Environment } from '@actp/shared/env-file/merge';

/** What is made up when nobody sets it. No port is among them: copies that share a checkout share this file. */
const generated = {
  WORKER_SECRET: 'what agents show the gateway',
  SESSION_SECRET: 'signs the tokens of operators and users',
  OPERATOR_PASSWORD: 'signs the first operator in; see OPERATOR_EMAIL',
  AUDIT_SIGNING_KEY: 'signs the checkpoints of the audit log',
  REDACTION_KEY: 'makes redacted secrets comparable between apps, without telling them',
  ACTP_POSTGRES_PASSWORD: 'the embedded Postgres',
  ACTP_JWT_SECRET: 'signs the keys of the embedded PostgREST',
  ACTP_REDIS_PASSWORD: 'the embedded Redis',
};

export const generatedNames: readonly string[] = Object.keys(generated);

const lockWaitMs = 10_000;
const pollMs = 20;
const head = `# Secrets of this copy, made by npm start. Keep this file to yourself; the environment wins over it.
# Every setting is described in .env.example.
`;

export interface EnvFile {
  /** Environment and file, merged, with nothing of `generatedNames` missing. */
  environment: Environment;
  /** What the operator should know about the file. */
  notices: string[];
}

/**
 * Makes sure that every secret is set: what neither the environment nor the file has is made up and added to the file,
 * which only its owner may read. Copies that start at the same moment take turns and end up with the same secrets.
 */
export async function ensureEnvFile(
  file: string,
  environment: Record<string, string | undefined>,
): Promise<EnvFile> {
  const release = await waitForLock(`${file}.lock`);
  try {
    const notices = await tightenMode(file);
    const { bytes, values, text } = await readEnvFile(file);
    const known = mergeEnvironment(values, environment);
    const missing = Object.entries(generated).filter(([name]) => known[name] === undefined);
    const tidy = text === '' || Buffer.from(text).equals(bytes);
    if (missing.length === 0 && tidy) return { environment: known, notices };
    const made = Object.fromEntries(missing.map(([name]) => [name, secret()]));
    const lines = missing.map(([name, purpose]) => `\n# ${purpose}\n${name}=${made[name]}\n`);
    const before = text === '' ? head : `${text.trimEnd()}\n`;
    await replace(file, before + lines.join(''));
    if (!tidy)
      notices.push(
        `${file} had a byte order mark or line ends of Windows, which a shell misreads; now without`,
      );
    if (missing.length > 0) {
      notices.push(`Made ${missing.map(([name]) => name).join(', ')} and kept them in ${file}`);
    }
    return { environment: { ...known, ...made }, notices };
  } finally {
    release();
  }
}

// 256 bits, in characters that need no quoting in a shell, a URL or a Redis configuration.
const secret = () => randomBytes(32).toString('base64url');

async function tightenMode(file: string): Promise<string[]> {
  const mode = await stat(file).then(
    (found) => found.mode,
    () => 0,
  );
  if ((mode & 0o077) === 0) return [];
  await chmod(file, 0o600);
  return [`${file} could be read by other users; now only by its owner (mode 0600)`];
}

// Written beside its place and moved there: nobody ever reads half of it, and a crash leaves the old one.
async function replace(file: string, content: string): Promise<void> {
  const target = await realpath(file).catch(() => file);
  const old = await stat(target).catch(() => undefined);
  const aside = `${target}.${randomUUID()}`;
  try {
    const handle = await open(aside, 'wx', 0o600);
    await handle.writeFile(content);
    await handle.sync();
    await handle.close();
    if (old !== undefined && process.getuid?.() === 0) await chown(aside, old.uid, old.gid);
    await rename(aside, target);
  } catch (error) {
    await rm(aside, { force: true });
    throw new StartupError(
      `${file} cannot be written (${codeOf(error)}).`,
      `Make its folder writable, or set ${generatedNames.join(', ')} in the environment.`,
      { cause: error },
    );
  }
}

async function waitForLock(file: string): Promise<() => void> {
  const deadline = performance.now() + lockWaitMs;
  for (;;) {
    const attempt = lockOrNothing(file);
    if (attempt.locked) return attempt.release;
    if (performance.now() > deadline) {
      throw new StartupError(
        `${file} is held by process ${attempt.owner.pid}.`,
        'Stop that copy, or wait until it has started.',
      );
    }
    await delay(pollMs);
  }
}

// In a folder that we may not write to there is nothing to protect: no copy can change the file.
function lockOrNothing(file: string): ReturnType<typeof tryLock> {
  try {
    return tryLock(file);
  } catch (error) {
    if (['EACCES', 'EROFS', 'EPERM'].includes(codeOf(error))) {
      return { locked: true, release: () => undefined };
    }
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
