import { execFile } from 'node:child_process';
import process from 'node:process';
import type { Account, Isolation, SandboxTools } from './isolation.ts';

/** What could work on this machine, the best first. */
export async function possibleIsolations(tools: SandboxTools, account?: Account): Promise<Isolation[]> {
  if (process.platform !== 'linux') return [];
  const namespaces = tools.unshare && tools.setpriv && tools.mount && tools.umount && tools.pivotRoot;
  const by = (kind: Isolation['kind'], homeLayer: boolean): Isolation => ({
    kind,
    tools,
    homeLayer,
    ...(account === undefined ? {} : { account }),
  });
  const unshare = namespaces ? [by('namespaces', true), by('namespaces', false)] : [];
  if (account !== undefined) return [...unshare, ...(tools.setpriv ? [by('account', false)] : [])];
  if (tools.bubblewrap === undefined) return unshare;
  // An older one cannot make the home folder's layer, and many tools write there.
  return (await knowsLayers(tools.bubblewrap))
    ? [by('bubblewrap', true), ...unshare, by('bubblewrap', false)]
    : [...unshare.slice(0, 1), by('bubblewrap', false), ...unshare.slice(1)];
}

function knowsLayers(bubblewrap: string): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(bubblewrap, ['--help'], { timeout: 10_000 }, (_error, stdout) =>
      resolve(stdout.includes('--overlay-src')),
    );
  });
}
