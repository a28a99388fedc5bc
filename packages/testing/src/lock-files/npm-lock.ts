/** A package as these lock files have it. */
export interface Locked {
  version: string;
  script?: boolean;
  /** Instead of the registry's. */
  resolved?: string;
  /** Instead of one that belongs to name and version. */
  integrity?: string | null;
}

const registry = 'https://registry.npmjs.org';

/** The text of a package-lock.json with these packages, of the form that npm 7 and later write. */
export function npmLock(packages: Record<string, Locked>): string {
  const entries = Object.entries(packages).map(([name, { version, script, resolved, integrity }]) => {
    const base = name.split('/').at(-1) ?? name;
    return [
      `node_modules/${name}`,
      {
        version,
        resolved: resolved ?? `${registry}/${name}/-/${base}-${version}.tgz`,
        ...(integrity === null ? {} : { integrity: integrity ?? digestOf(`${name}@${version}`) }),
        ...(script === true && { hasInstallScript: true }),
      },
    ] as const;
  });
  return JSON.stringify({
    name: 'shop',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: { '': { name: 'shop', version: '1.0.0' }, ...Object.fromEntries(entries) },
  });
}

/** Of the form of a digest, and another for each text. */
const digestOf = (text: string) =>
  `sha512-${Buffer.from(text.padEnd(64, '.').slice(-64)).toString('base64')}`;
