const secretName = /SECRET|PASSWORD|PASSPHRASE|TOKEN|_KEY(?:$|_)/;
// Addresses that may hold a password, and headers that may hold a token.
const mayHoldSecret = /^(?:DATABASE|REDIS\w*)_URL$|^REDIS_\w*(?:NODES|SENTINELS)$|_HEADERS$/;

/** Whether what this setting holds is a secret, or may contain one. */
export const isSecretSetting = (name: string): boolean => secretName.test(name) || mayHoldSecret.test(name);

/**
 * The values of settings whose names say that they are secrets, and the passwords in addresses, as they are and as they are
 * written there: what redaction takes out wherever it stands.
 */
export function secretValues(settings: object): string[] {
  return Object.entries(settings).flatMap(([name, value]: [string, unknown]) => {
    if (Array.isArray(value)) return value.flatMap(passwordOf);
    if (typeof value !== 'string') return [];
    if (name.endsWith('_HEADERS')) return headerSecrets(value);
    return [...(secretName.test(name) ? [value] : []), ...passwordsInUrls(value)];
  });
}

const passwordInUrl = /[a-z][a-z+.-]*:\/\/[^\s/?#,:@]*:([^\s/?#,@]+)@/gi;

function passwordsInUrls(value: string): string[] {
  return [...value.matchAll(passwordInUrl)].flatMap(([, written = '']) => [written, decoded(written)]);
}

// A list of addresses that was read already.
function passwordOf(entry: unknown): string[] {
  if (typeof entry !== 'object' || entry === null || !('password' in entry)) return [];
  const { password } = entry;
  return typeof password === 'string' ? [password, encodeURIComponent(password)] : [];
}

// `authorization=Bearer%20abc,x-team=ours`: each value as it is written and as it is sent, and a credential without its scheme.
function headerSecrets(headers: string): string[] {
  const values = headers.split(',').map((header) => header.slice(header.indexOf('=') + 1).trim());
  return [
    ...new Set([headers, ...values.flatMap((value) => [value, decoded(value)]).flatMap(withoutScheme)]),
  ];
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

const withoutScheme = (value: string) => [value, value.replace(/^\S+\s+/, '')];
