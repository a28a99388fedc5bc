import { runningStackEnv } from '@actp/embedded/addresses';
import { startBrave } from '@actp/testing/brave/server';
import { startPlane } from '../plane.fixture.ts';
import type { ObserverDeps } from './observe.ts';
import { startTelegram, type Telegram } from './telegram.ts';

/** A plane under load, and what is known about it. */
export interface LoadedPlane extends Pick<ObserverDeps, 'processes' | 'redisUrl' | 'databaseUrl'> {
  url: string;
  secret: string;
  operator: { email: string; password: string };
  telegram: Telegram | undefined;
  /** Whether tasks can be asked for: their search costs nothing here. */
  tasks: boolean;
  stop(): Promise<void>;
}

const apps = [
  'gateway',
  'scheduler',
  'selftest-runner',
  'approval-bot',
  'executor',
  'inspector',
  'auditor',
  'supervisor',
];

/** The whole plane on stores of its own, with stand-ins for Telegram and the web search. */
export async function startOwnPlane(signal: AbortSignal): Promise<LoadedPlane> {
  const key = 'of-the-stand-in';
  const telegram = await startTelegram();
  const brave = await startBrave({ key });
  brave.setHits([
    { title: 'Tides', url: 'http://10.0.0.7/tides', description: 'Tides follow the moon and the sun.' },
  ]);
  const settings = {
    SELFTEST_CONFIG: 'e2e/src/task-flow/no-self-test.yaml',
    BRAVE_API_KEY: key,
    BRAVE_BASE_URL: brave.url,
    LOG_LEVEL: 'warn',
    ...telegram.settings,
  };
  const stopOthers = () => Promise.all([telegram.stop(), brave.stop()]);
  try {
    const plane = await startPlane(settings, { signal });
    const {
      ACTP_DATA_DIR = '',
      ACTP_POSTGRES_PASSWORD = '',
      ACTP_JWT_SECRET = '',
      ACTP_REDIS_PASSWORD = '',
    } = plane.settings;
    const stack = runningStackEnv(ACTP_DATA_DIR, ['supabase', 'redis'], {
      postgresPassword: ACTP_POSTGRES_PASSWORD,
      jwtSecret: ACTP_JWT_SECRET,
      redisPassword: ACTP_REDIS_PASSWORD,
    });
    return {
      url: plane.url,
      secret: plane.secret,
      operator: plane.operator,
      telegram,
      tasks: true,
      redisUrl: stack?.REDIS_URL,
      databaseUrl: stack?.DATABASE_URL,
      async processes() {
        const found = await Promise.all(
          apps.map(async (app) => [app, await plane.pids(`apps/${app}/src/main.ts`)] as const),
        );
        return { ...Object.fromEntries(found), redis: await plane.pids('redis-server') };
      },
      async stop() {
        await plane.stop();
        await plane.clean();
        await stopOthers();
      },
    };
  } catch (error) {
    await stopOthers();
    throw error;
  }
}
