import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { containerNetwork } from './container-network.ts';

const folder = mkdtempSync(join(tmpdir(), 'container-network-'));
afterAll(() => rmSync(folder, { recursive: true }));

const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
const viaBridge = 'eth0\t00000000\t010012AC\t0003\t0\t0\t0\t00000000\t0\t0\t0';
const ownNetwork = 'eth0\t000012AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0';

let systems = 0;
/** A file system with these routes, and with devices as `[index, index of the other end]`. */
function system(routes: readonly string[] | undefined, devices: Record<string, [string, string]>): string {
  systems += 1;
  const root = join(folder, String(systems));
  mkdirSync(join(root, 'proc/net'), { recursive: true });
  if (routes !== undefined) writeFileSync(join(root, 'proc/net/route'), [head, ...routes, ''].join('\n'));
  for (const [name, [index, link]] of Object.entries(devices)) {
    const device = join(root, 'sys/class/net', name);
    mkdirSync(device, { recursive: true });
    writeFileSync(join(device, 'ifindex'), `${index}\n`);
    writeFileSync(join(device, 'iflink'), `${link}\n`);
  }
  return root;
}
const pair: Record<string, [string, string]> = { eth0: ['6', '7'] };

describe("[SEC-018] a container's network", () => {
  it('tells from which address the host calls', () => {
    expect(containerNetwork(system([viaBridge, ownNetwork], pair))).toEqual({ hostAddress: '172.18.0.1' });
    expect(containerNetwork(system([ownNetwork, viaBridge], pair))).toEqual({ hostAddress: '172.18.0.1' });
  });

  it("is none in the host's network, where the gateway is a router", () => {
    expect(containerNetwork(system([viaBridge, ownNetwork], { eth0: ['4', '4'] }))).toBeUndefined();
  });

  it.each<[what: string, routes: string[] | undefined, devices: Record<string, [string, string]>]>([
    ['routes that cannot be read', undefined, pair],
    ['no way out (an internal network)', [ownNetwork], pair],
    ['two ways out', [viaBridge, viaBridge.replace('eth0', 'eth1')], { ...pair, eth1: ['8', '9'] }],
    ['a way out that is down', [viaBridge.replace('0003', '0002')], pair],
    ['a way out without an address', [viaBridge.replace('010012AC', '00000000')], pair],
    ['an address that is none', [viaBridge.replace('010012AC', 'nowhere')], pair],
    ['a route to half of the world', [viaBridge.replace('00000000\t0\t0\t0', '00000080\t0\t0\t0')], pair],
    ['a device that is not there', [viaBridge], {}],
  ])('is none with %s', (_what, routes, devices) => {
    expect(containerNetwork(system(routes, devices))).toBeUndefined();
  });
});
