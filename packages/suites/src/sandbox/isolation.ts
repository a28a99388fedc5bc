/** What kept a command apart: `off` when its configuration says so, `unavailable` when nothing works here. */
export type SandboxUsed = 'bubblewrap' | 'namespaces' | 'account' | 'off' | 'unavailable';

/** Who a command runs as, in the numbers of the system. */
export interface Account {
  uid: number;
  gid: number;
  /** Its name and home folder; absent when the system does not list it. */
  entry?: { name: string; home: string };
}

/** The programs that make sandboxes, where they were found. */
export interface SandboxTools {
  sh: string;
  unshare?: string;
  setpriv?: string;
  mount?: string;
  umount?: string;
  pivotRoot?: string;
  bubblewrap?: string;
}

/** One way to keep a command apart, as it works on this machine. */
export interface Isolation {
  kind: 'bubblewrap' | 'namespaces' | 'account';
  tools: SandboxTools;
  /** Another account than the plane's own; only root can give one. */
  account?: Account;
  /** Whether what is written into the home folder goes into a layer that is thrown away; otherwise it is read-only. */
  homeLayer: boolean;
}

/** How people are told about it, in one line. */
export function describeIsolation(isolation: Isolation | null): string {
  if (isolation === null) {
    return 'NOT in a sandbox: this system offers neither namespaces nor another account';
  }
  const home = isolation.homeLayer ? '' : ', home folder read-only';
  switch (isolation.kind) {
    case 'bubblewrap':
      return `in a sandbox (namespaces, by bubblewrap${home})`;
    case 'namespaces':
      return `in a sandbox (namespaces, by unshare${home})`;
    case 'account':
      return 'under another account, without namespaces';
  }
}
