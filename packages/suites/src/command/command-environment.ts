import { secretFileSettings } from '@actp/shared/env-file/secret-files';
import { settingGroups } from '@actp/shared/settings-reference';

export type Environment = Readonly<Record<string, string | undefined>>;

// What a program needs to find its tools, its home and its language. Everything else of ours stays with us: a suite
// is code that an agent may have written (SEC-020).
const inherited = [
  'PATH',
  'CI',
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

// Settings of other programs that the plane is often started with.
const furtherSecrets = new Set([
  'CALLBACK_SECRET',
  'BRAVE_API_KEY',
  'GROQ_API_KEY',
  'GEMINI_API_KEY',
  'RESEND_API_KEY',
  'COINGECKO_API_KEY',
]);

// The operator reads of every setting there, so that one which is added later cannot be forgotten here.
const ownSettings = new Set(settingGroups.flatMap((group) => Object.keys(group.settings)));
// What the start hands to single apps has no entry there.
const ownPrefix = /^(?:ACTP_|DATABASE_APP_)/;

// What any program may know.
const shared = new Set([
  'GATEWAY_HOST',
  'GATEWAY_PORT',
  'SUPABASE_URL',
  'ACD_URL',
  'SCHEDULE_TZ',
  'LOG_LEVEL',
  'NODE_EXTRA_CA_CERTS',
]);

/** Whether the plane is set by this variable, or opened by it, so that no suite may ever be given it. */
export function isOwnSetting(name: string): boolean {
  if (shared.has(name)) return false;
  if (secretFileSettings.includes(name)) return true;
  return furtherSecrets.has(name) || ownPrefix.test(name) || ownSettings.has(name);
}

// Shorter ones stand in other values by chance.
const shortestSecret = 8;

/** What opens the plane, by its value: another variable can hold the same, or a URL that contains it. */
function ownSecretValues(ours: Environment): string[] {
  return Object.entries(ours).flatMap(([name, value = '']) => {
    if (!isOwnSetting(name)) return [];
    const password = URL.canParse(value) ? new URL(value).password : '';
    const whole = /SECRET|PASSWORD|TOKEN|KEY/.test(name) ? value : '';
    return [password, decoded(password), whole].filter((secret) => secret.length >= shortestSecret);
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
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
  const taken = [...names, ...wishes.pass_env.filter((name) => !isOwnSetting(name))];
  const secrets = ownSecretValues(ours);
  const values: Record<string, string> = {};
  for (const name of taken) {
    const value = ours[name];
    if (value !== undefined && !secrets.some((secret) => value.includes(secret))) values[name] = value;
  }
  return { ...values, ...wishes.env };
}
