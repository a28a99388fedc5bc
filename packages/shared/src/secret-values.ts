const secretName = /SECRET|PASSWORD|TOKEN|_KEY(?:$|_)/;
const headersName = /_HEADERS$/;

/** The values of settings whose names say that they are secrets: what redaction takes out wherever it stands. */
export function secretValues(settings: object): string[] {
  return Object.entries(settings).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value !== 'string') return [];
    if (headersName.test(name)) return headerSecrets(value);
    return secretName.test(name) ? [value] : [];
  });
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
