import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import tls from 'node:tls';
import { ConfigError } from '@actp/shared/errors';
import type { Environment } from '@actp/shared/env-file/merge';

const key = 'NODE_EXTRA_CA_CERTS';

/**
 * Node reads NODE_EXTRA_CA_CERTS once, when a process begins, and only from its environment: what stands in `.env` counts here
 * as well as in the apps, and a file that cannot be used is told instead of ignored.
 *
 * @param root what a relative path is meant from, as in the apps
 * @throws ConfigError when the file holds no certificates
 */
export function useExtraCertificates(root: string, environment: Environment): void {
  const file = environment[key];
  if (file === undefined) return;
  try {
    const found = certificatesIn(resolve(root, file));
    if (found.length === 0) throw new Error('there are none');
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), ...found]);
  } catch (cause) {
    throw new ConfigError([{ key, rule: 'must be a readable file with certificates (PEM)' }], { cause });
  }
}

const certificate =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

const certificatesIn = (path: string): string[] => readFileSync(path, 'utf8').match(certificate) ?? [];
