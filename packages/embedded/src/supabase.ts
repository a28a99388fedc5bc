import { mintServiceRoleKey } from './keys.ts';
import type { Part, PartLog } from './running-store.ts';
import { startPostgres, type Postgres } from './postgres.ts';
import { startPostgrest, type Postgrest } from './postgrest.ts';
import { startRestProxy, type RestProxy } from './rest-proxy.ts';
import type { StackPorts } from './stack-ports.ts';
import type { Step } from './stack-env.ts';

export interface SupabaseOptions {
  dataDir: string;
  postgresPassword: string;
  jwtSecret: string;
  ports: StackPorts;
  step: Step;
  fast?: boolean | undefined;
  /** How long Postgres has to stop before it is killed; PostgREST keeps nothing and has two seconds. */
  stopMs?: number | undefined;
  maxConnections?: number | undefined;
  searchPath?: string | undefined;
  prepareDatabase?: ((databaseUrl: string) => Promise<void>) | undefined;
  log?: PartLog | undefined;
}

export interface Supabase {
  env: { SUPABASE_URL: string; SUPABASE_SERVICE_ROLE_KEY: string; DATABASE_URL: string };
  parts: { postgres: Part; postgrest: Part };
  stop(hard?: boolean): Promise<void>;
}

/** Postgres, PostgREST and the proxy in front of it: what apps see as a Supabase project. */
export async function startSupabase(options: SupabaseOptions): Promise<Supabase> {
  const { ports, step, jwtSecret } = options;
  let postgres: Postgres | undefined;
  let postgrest: Postgrest | undefined;
  let proxy: RestProxy | undefined;
  // In the opposite order, so that nobody is left asking a part that is gone.
  const stop = async (hard = false) => {
    if (hard) {
      await Promise.all([postgrest?.stop(true), postgres?.stop(true), proxy?.stop()]);
      return;
    }
    await proxy?.stop();
    await postgrest?.stop(hard);
    await postgres?.stop(hard);
  };

  try {
    const database = await step('Postgres', () =>
      ports.onPort('postgres', (port) =>
        startPostgres({
          ...options,
          port,
          password: options.postgresPassword,
          // PostgREST waits up to 32 s between two attempts to reach a lost database.
          onRestart: () => postgrest?.reload(),
        }),
      ),
    );
    postgres = database;
    await options.prepareDatabase?.(database.url);
    const front = await ports.onPort('supabase', (port) =>
      startRestProxy({ port, targetPort: () => postgrest?.port }),
    );
    proxy = front;
    postgrest = await step('PostgREST', () =>
      ports.onPort('postgrest', (port) =>
        ports.onPort('postgrestAdmin', (adminPort) =>
          startPostgrest({
            ...options,
            databaseUrl: database.authenticatorUrl,
            publicUrl: `${front.url}/rest/v1`,
            port,
            adminPort,
          }),
        ),
      ),
    );
    return {
      env: {
        SUPABASE_URL: front.url,
        SUPABASE_SERVICE_ROLE_KEY: mintServiceRoleKey(jwtSecret),
        DATABASE_URL: database.url,
      },
      parts: { postgres: database, postgrest },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
