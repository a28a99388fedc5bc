import { listenFault } from '@actp/embedded/free-port';
import { StartupError } from '@actp/embedded/startup-error';

/** @throws StartupError when the gateway could not listen where it should */
export async function refuseBadAddress(settings: {
  GATEWAY_HOST: string;
  GATEWAY_PORT: number;
}): Promise<void> {
  const { GATEWAY_HOST: host, GATEWAY_PORT: port } = settings;
  const fault = await listenFault(port, host);
  if (fault === undefined) return;
  if (fault === 'EADDRINUSE') {
    throw new StartupError(
      `The gateway cannot listen on ${host}:${port}: the port is taken, perhaps by another copy.`,
      `Stop what uses it, or choose another: GATEWAY_PORT=${port + 1} ACTP_DATA_DIR=.actp-${port + 1} npm start`,
    );
  }
  if (fault === 'EACCES') {
    throw new StartupError(
      'The gateway may not listen on the port that GATEWAY_PORT names (EACCES).',
      'Set GATEWAY_PORT to one above 1023.',
    );
  }
  throw new StartupError(
    `The gateway cannot listen on the address that GATEWAY_HOST names (${fault}).`,
    'Set GATEWAY_HOST to 127.0.0.1, or leave it out.',
  );
}
