const secretName = /SECRET|PASSWORD|TOKEN|_KEY(?:$|_)/;

/**
 * The values of settings whose names say that they are secrets, and the passwords in addresses, as they are and as they are
 * written there: what redaction takes out wherever it stands.
 */
export function secretValues(settings: object): string[] {
  return Object.entries(settings).flatMap(([name, value]: [string, unknown]) => [
    ...(secretName.test(name) && typeof value === 'string' ? [value] : []),
    ...(typeof value === 'string' ? passwordsInUrls(value) : []),
    ...(Array.isArray(value) ? value.flatMap(passwordOf) : []),
  ]);
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

function decoded(written: string): string {
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}
