import { readSelftestConfig } from '@actp/suites/config/read-selftest-config';
import { isLoopback } from '@actp/shared/loopback';

/**
 * The ports of the configured services that are on this machine.
 *
 * @param path of the self-test configuration, absolute
 * @returns undefined when it cannot be read
 */
export async function servicePorts(path: string): Promise<number[] | undefined> {
  const outcome = await readSelftestConfig(path);
  if (!outcome.ok) return undefined;
  return outcome.config.services.flatMap((service) => {
    if (service.kind !== 'http') return [];
    const { hostname, port, protocol } = new URL(service.url);
    const number = Number(port) || (protocol === 'https:' ? 443 : 80);
    return hostname === 'localhost' || isLoopback(hostname.replace(/^\[|\]$/g, '')) ? [number] : [];
  });
}
