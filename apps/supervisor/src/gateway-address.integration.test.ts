import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { ownPort } from '@actp/testing/own-port';
import { assertAddressAvailable } from './gateway-address.ts';

it('lets the gateway have an address that is free', async () => {
  await assertAddressAvailable({ GATEWAY_HOST: '127.0.0.1', GATEWAY_PORT: await ownPort() });
});

it('tells a port that is taken from an address that this machine does not have', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  await expect(assertAddressAvailable({ GATEWAY_HOST: '127.0.0.1', GATEWAY_PORT: port })).rejects.toThrow(
    `127.0.0.1:${port}: the port is in use`,
  );
  other.close();

  // Set aside for documentation (RFC 5737): nobody's address.
  const refused = assertAddressAvailable({ GATEWAY_HOST: '192.0.2.1', GATEWAY_PORT: await ownPort() });
  await expect(refused).rejects.toThrow(/cannot listen on GATEWAY_HOST \(EADDRNOTAVAIL\).\nSet GATEWAY_HOST/);
});
