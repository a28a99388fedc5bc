const secretName = /SECRET|PASSWORD|TOKEN|_KEY(?:$|_)/;
// Addresses that may hold a password, and headers that may hold a token.
const mayHoldSecret = /^(?:DATABASE|REDIS\w*)_URL$|^REDIS_\w*(?:NODES|SENTINELS)$|_HEADERS$/;

/** Whether what this setting holds is a secret, or may contain one. */
export const isSecretSetting = (name: string): boolean => secretName.test(name) || mayHoldSecret.test(name);

/** The values of settings whose names say that they are secrets: what redaction takes out wherever it stands. */
export function secretValues(settings: object): string[] {
  return Object.entries(settings).flatMap(([name, value]: [string, unknown]) =>
    secretName.test(name) && typeof value === 'string' ? [value] : [],
  );
}
