import { listenError } from '@actp/embedded/free-port';
import { StartupError } from '@actp/embedded/startup-error';

/** @throws StartupError when the gateway could not listen where it should */
export async function assertAddressAvailable(settings: {
  GATEWAY_HOST: string;
  GATEWAY_PORT: number;
}): Promise<void> {
  const { GATEWAY_HOST: host, GATEWAY_PORT: port } = settings;
  const fault = await listenError(port, host);
  if (fault === undefined) return;
  if (fault === 'EADDRINUSE') {
    throw new StartupError(
      `The gateway cannot listen on ${host}:${port}: the port is in use, perhaps by another copy.`,
      `Stop the process that uses it, or choose another port: GATEWAY_PORT=${port + 1} ACTP_DATA_DIR=.actp-${port + 1} npm start`,
    );
  }
  if (fault === 'EACCES') {
    throw new StartupError(
      'The gateway is not permitted to listen on GATEWAY_PORT (EACCES).',
      'Set GATEWAY_PORT to a port above 1023.',
    );
  }
  throw new StartupError(
    `The gateway cannot listen on GATEWAY_HOST (${fault}).`,
    'Set GATEWAY_HOST to 127.0.0.1, or unset it.',
  );
}
