export type Environment = Readonly<Record<string, string | undefined>>;

// What a program needs to find its tools, its home and its language. Everything else of ours stays with us: a suite
// is code that an agent may have written (SEC-020).
const inherited = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TMPDIR',
  'TZ',
  'LANG',
  'LANGUAGE',
  'PYENV_ROOT',
  'PYENV_VERSION',
  'VIRTUAL_ENV',
  'NVM_DIR',
  'VOLTA_HOME',
  'PNPM_HOME',
  'COREPACK_HOME',
  'CARGO_HOME',
  'RUSTUP_HOME',
  'GOPATH',
  'GOROOT',
  'JAVA_HOME',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
];
const inheritedPrefixes = ['LC_', 'XDG_'];

const ownSecrets = new Set([
  'WORKER_SECRET',
  'WORKER_SECRET_PREVIOUS',
  'SESSION_SECRET',
  'SIGNING_SECRET',
  'AUDIT_SIGNING_KEY',
  'REDACTION_KEY',
  'CALLBACK_SECRET',
  'OPERATOR_PASSWORD',
  'REDIS_URL',
  'SUPABASE_SERVICE_ROLE_KEY',
  'DATABASE_URL',
  'ACTP_POSTGRES_PASSWORD',
  'ACTP_JWT_SECRET',
  'ACTP_REDIS_PASSWORD',
  'TELEGRAM_BOT_TOKEN',
  'ACD_TOKEN',
  'BRAVE_API_KEY',
  'GROQ_API_KEY',
  'GEMINI_API_KEY',
  'RESEND_API_KEY',
  'COINGECKO_API_KEY',
]);

/** Whether the plane itself is opened by this setting, so that no suite may ever be given it. */
export function isOwnSecret(name: string): boolean {
  return ownSecrets.has(name);
}

/**
 * The environment of a suite or of a service that the self-test starts.
 *
 * @param ours the runner's own environment
 * @param wishes `pass_env` (names taken over from ours) and `env` (values) of the configuration
 */
export function commandEnvironment(
  ours: Environment,
  wishes: { pass_env: readonly string[]; env: Readonly<Record<string, string>> },
): Record<string, string> {
  const names = Object.keys(ours).filter(
    (name) => inherited.includes(name) || inheritedPrefixes.some((prefix) => name.startsWith(prefix)),
  );
  const taken = [...names, ...wishes.pass_env.filter((name) => !isOwnSecret(name))];
  const values: Record<string, string> = {};
  for (const name of taken) {
    const value = ours[name];
    if (value !== undefined) values[name] = value;
  }
  return { ...values, ...wishes.env };
}
