/** What `npm start` generates when it is not set, with its purpose. No port is among them: copies that share a checkout share `.env`. */
export const generatedSecrets = {
  WORKER_SECRET: 'agents authenticate with it',
  SESSION_SECRET: 'signs the tokens of operators and users',
  OPERATOR_PASSWORD: 'password of the first operator; see OPERATOR_EMAIL',
  AUDIT_SIGNING_KEY: 'signs the checkpoints of the audit log',
  DATABASE_APP_SECRET: 'derives the key with which each app calls the database',
  REDACTION_KEY: 'keys the fingerprints of redacted secrets, the same in every app',
  ACTP_POSTGRES_PASSWORD: 'password of the embedded Postgres',
  ACTP_JWT_SECRET: 'signs the keys of the embedded PostgREST',
  ACTP_REDIS_PASSWORD: 'password of the embedded Redis',
};

export const generatedNames: readonly string[] = Object.keys(generatedSecrets);
