import { once } from 'node:events';
import { connect } from 'node:net';
import process from 'node:process';
import { expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { openGateway } from '../gateway.fixture.ts';
import { containerNetwork } from './container-network.ts';

const stores = await openStores();
// Of the machine of the test: without one it is as in a container with `network_mode: host`.
const ownNetwork = containerNetwork() !== undefined;

async function reaches(host: string, port: number): Promise<boolean> {
  const socket = connect(port, host);
  const connected = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return connected;
}

// Another address of this machine, which only who listens on all of them has.
it.runIf(process.platform === 'linux').each([
  ['npm start', false, false],
  ['a container', true, ownNetwork],
])('listens on loopback alone in the network of the host: %s', async (_where, container, elsewhere) => {
  const { port } = await openGateway(stores, { ACTP_CONTAINER: container });
  expect(await reaches('127.0.0.1', port)).toBe(true);
  expect(await reaches('127.0.0.2', port)).toBe(elsewhere);
});
