import { settings } from '@actp/shared/settings';
import { CliError } from '../cli-error.ts';
import type { Cli } from '../command.ts';

/** Where the gateway of the plane is. */
export interface GatewayAddress {
  url: URL;
  /** The Host header that it takes, where that is not what the address says. */
  host: string | undefined;
}

const loopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** The gateway that ACTP_URL names; else the one of the settings. @throws CliError, ConfigError */
export async function gatewayAddress({ environment, plane }: Cli): Promise<GatewayAddress> {
  const given = environment['ACTP_URL']?.trim() ?? '';
  if (given !== '') return { url: checkedUrl(given), host: undefined };
  const { GATEWAY_HOST, GATEWAY_PORT, ALLOWED_HOSTS } = settings;
  const config = await plane.settings({ GATEWAY_HOST, GATEWAY_PORT, ALLOWED_HOSTS });
  const name = config.GATEWAY_HOST.includes(':') ? `[${config.GATEWAY_HOST}]` : config.GATEWAY_HOST;
  return { url: new URL(`http://${name}:${config.GATEWAY_PORT}`), host: config.ALLOWED_HOSTS[0] };
}

function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new CliError('ACTP_URL must be the address of a gateway, for instance http://127.0.0.1:8787.');
  }
  if (url.protocol === 'http:' && !loopback.test(url.hostname)) {
    throw new CliError(
      'ACTP_URL names another machine with http:, so that the password could be read on the way.\n' +
        'Use https:, or a tunnel: ssh -L 8787:127.0.0.1:8787 <machine>, and ACTP_URL=http://127.0.0.1:8787',
    );
  }
  return url;
}
