import { readSelftestConfig } from '@actp/suites/config/read-selftest-config';
import { isLoopback } from '@actp/shared/loopback';

/**
 * The ports of the configured services that are on this machine; none when the configuration cannot be read, which the self-test reports.
 *
 * @param path of the self-test configuration, absolute
 */
export async function servicePorts(path: string): Promise<number[]> {
  const outcome = await readSelftestConfig(path);
  if (!outcome.ok) return [];
  return outcome.config.services.flatMap((service) => {
    if (!('url' in service) || typeof service.url !== 'string' || !URL.canParse(service.url)) return [];
    const { hostname, port, protocol } = new URL(service.url);
    const number = Number(port) || (protocol === 'https:' ? 443 : 80);
    return hostname === 'localhost' || isLoopback(hostname.replace(/^\[|\]$/g, '')) ? [number] : [];
  });
}
