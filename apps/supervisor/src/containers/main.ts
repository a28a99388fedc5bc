import process from 'node:process';
import { startRestProxy } from '@actp/embedded/rest-proxy';
import { configOrExit, processShape, runApp } from '@actp/shared/lifecycle';
import { createLogger } from '@actp/shared/log';
import { settings } from '@actp/shared/settings';
import { ensureEnvFile } from '../env-file.ts';
import { makeSecrets } from './make-secrets.ts';
import { prepareDatabase } from './prepare-database.ts';

// What `npm start` does itself and docker-compose.yml has done by services of their own.
const programs: Record<string, () => Promise<void>> = {
  async 'make-secrets'() {
    const made = makeSecrets({ folder: '/secrets', environment: process.env });
    process.stdout.write(
      `${made.length === 0 ? 'All secrets are there.' : `Generated ${made.join(', ')}.`}\n`,
    );
    return Promise.resolve();
  },
  async 'write-env'() {
    const { notices } = await ensureEnvFile('.env', {});
    process.stdout.write(notices.length === 0 ? '.env has every secret.\n' : `${notices.join('\n')}\n`);
  },
  async 'prepare-database'() {
    const env = configOrExit(
      {
        DATABASE_URL: settings.DATABASE_URL.unwrap(),
        DATABASE_APP_SECRET: settings.SESSION_SECRET,
        AUDIT_RETENTION_DAYS: settings.AUDIT_RETENTION_DAYS,
        ACTP_AUTHENTICATOR_PASSWORD: settings.SESSION_SECRET.optional(),
      },
      process.env,
    );
    const said = await prepareDatabase({
      databaseUrl: env.DATABASE_URL,
      appSecret: env.DATABASE_APP_SECRET,
      auditRetentionDays: env.AUDIT_RETENTION_DAYS,
      authenticatorPassword: env.ACTP_AUTHENTICATOR_PASSWORD,
    });
    process.stdout.write(`${said}\n`);
  },
  async 'serve-rest'() {
    const env = configOrExit(processShape, process.env);
    const log = createLogger({ app: 'rest', level: env.LOG_LEVEL });
    const start = () =>
      startRestProxy({ port: 3000, host: '0.0.0.0', targetHost: 'postgrest', targetPort: () => 3000 });
    await runApp(log, start, env);
  },
};

const name = process.argv[2] ?? '';
const program = programs[name];
if (program === undefined) {
  process.stderr.write(`There is no program ${name}; there are ${Object.keys(programs).join(', ')}.\n`);
  process.exit(2);
}
await program().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
