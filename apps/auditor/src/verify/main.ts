import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { isatty } from 'node:tty';
import { checkpointFile } from '@actp/db/audit/checkpoint-file';
import { verifyAuditLog } from '@actp/db/audit/verify-log';
import { createDb } from '@actp/db/client';
import { mintServiceRoleKey } from '@actp/embedded/keys';
import { readPorts } from '@actp/embedded/ports-file';
import { parseEnvFile } from '@actp/shared/env-file/parse';
import { messageOf } from '@actp/shared/errors';

// npm run audit:verify. Exit code 0: whole; 1: not; 2: it could not be checked.
const stepMs = 10_000;
const standardError = 2;
const rootDir = resolve(import.meta.dirname, '../../../..');
const envFile = join(rootDir, '.env');

function environment(): Record<string, string | undefined> {
  return {
    ...(existsSync(envFile) ? parseEnvFile(readFileSync(envFile), envFile).values : {}),
    ...Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== '')),
  };
}

/** The configured database, or the embedded one of the plane that runs on this data folder. */
function target(env: Record<string, string | undefined>, dataDir: string) {
  const { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, ACTP_JWT_SECRET } = env;
  if (SUPABASE_URL !== undefined && SUPABASE_SERVICE_ROLE_KEY !== undefined) {
    return { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY };
  }
  const { supabase } = readPorts(join(dataDir, 'ports.json'));
  if (supabase === undefined || ACTP_JWT_SECRET === undefined) {
    throw new Error(`No plane has run on ${dataDir}. Start it (npm start), or set SUPABASE_URL and its key.`);
  }
  return {
    SUPABASE_URL: `http://127.0.0.1:${supabase}`,
    SUPABASE_SERVICE_ROLE_KEY: mintServiceRoleKey(ACTP_JWT_SECRET),
  };
}

try {
  const env = environment();
  const dataDir = resolve(rootDir, env['ACTP_DATA_DIR'] ?? '.actp');
  const db = createDb(target(env, dataDir), stepMs);
  const { publicKey, last } = await checkpointFile(dataDir).read();
  const begun = performance.now();
  const rate = (rows: number) =>
    Math.round(rows / ((performance.now() - begun) / 1_000)).toLocaleString('en-US');
  const terminal = isatty(standardError);
  const result = await verifyAuditLog({
    db,
    publicKey,
    outside: last,
    onProgress: (rows) => {
      if (terminal) process.stderr.write(`\r${rows.toLocaleString('en-US')} rows, ${rate(rows)} a second`);
    },
  });
  if (terminal) process.stderr.write('\n');
  const { ok, checked, first_bad, head, checkpoint } = result;
  const lines = [
    `${ok ? 'The audit log is whole' : 'THE AUDIT LOG IS NOT WHOLE'}: ${checked.toLocaleString('en-US')} rows checked, ${rate(checked)} a second`,
    ...(first_bad ? [`first bad: ${JSON.stringify(first_bad)}`] : []),
    ...(head ? [`head: ${head.day}, lane ${head.lane}, row ${head.seq}, ${head.hash}`] : []),
    checkpoint
      ? `checkpoint: ${checkpoint.n}${checkpoint.signed ? ', signatures checked' : `, signatures NOT checked: no public key in ${dataDir}/audit`}`
      : 'checkpoint: none yet',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = ok ? 0 : 1;
} catch (error) {
  process.stderr.write(`The audit log could not be checked: ${messageOf(error)}\n`);
  process.exitCode = 2;
}
