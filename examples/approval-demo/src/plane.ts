import { parseEnvFile } from '@actp/shared/env-file/parse';

/** Where the plane is, as its own settings say. */
export interface PlaneAddress {
  url: string;
  secret: string | undefined;
  operatorEmail: string;
}

/**
 * Reads the plane's address from the environment, which wins, and from its `.env`; an empty value counts as unset.
 *
 * @param envFile the content of `.env`; empty when there is none
 * @throws ConfigError when a shell would read `.env` otherwise
 */
export function planeAddress(
  environment: Record<string, string | undefined>,
  envFile: Uint8Array | string,
): PlaneAddress {
  const file = parseEnvFile(envFile, '.env').values;
  const setting = (name: string) => environment[name] || file[name] || undefined;
  return {
    url: `http://${reachable(setting('GATEWAY_HOST') ?? '127.0.0.1')}:${setting('GATEWAY_PORT') ?? '8787'}`,
    secret: setting('WORKER_SECRET'),
    operatorEmail: setting('OPERATOR_EMAIL') ?? 'operator@actp.local',
  };
}

/** How people can decide: `ok` when the bot is there, `off`, or what is wrong. Undefined when no plane answers. */
export async function telegramState(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/readyz`, { redirect: 'manual', signal: AbortSignal.timeout(5_000) });
    const report: unknown = await response.json();
    const checks = isRecord(report) && isRecord(report['checks']) ? report['checks'] : {};
    return typeof checks['telegram'] === 'string' ? checks['telegram'] : undefined;
  } catch {
    return undefined;
  }
}

// Where something listens on every address, it is reached on loopback.
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
