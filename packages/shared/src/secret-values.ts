const secretName = /SECRET|PASSWORD|TOKEN|_KEY(?:$|_)/;

/** The values of settings whose names say that they are secrets: what redaction takes out wherever it stands. */
export function secretValues(settings: object): string[] {
  return Object.entries(settings).flatMap(([name, value]: [string, unknown]) =>
    secretName.test(name) && typeof value === 'string' ? [value] : [],
  );
}
