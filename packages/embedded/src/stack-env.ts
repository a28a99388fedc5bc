export interface StackSecrets {
  postgresPassword: string;
  /** At least 32 characters. */
  jwtSecret: string;
  /** Letters, digits, `-` and `_`. */
  redisPassword: string;
}

export type Step = <T>(name: string, run: () => Promise<T>) => Promise<T>;

/** What apps need to reach the parts that were started. */
export interface StackEnv {
  SUPABASE_URL?: string;
  SUPABASE_SERVICE_ROLE_KEY?: string;
  DATABASE_URL?: string;
  REDIS_URL?: string;
}
