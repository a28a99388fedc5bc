import { chmod, chown, mkdir, mkdtemp, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { messageOf } from '@actp/shared/errors';
import { findDirectoryProblem } from '../command/find-program.ts';
import { removeTree } from '../remove-tree.ts';
import { accountOf } from './accounts.ts';
import { apartBy, notApart, type Apart, type Plane } from './apart.ts';
import { checkFolder, type CheckedFolder } from './check-folder.ts';
import { findCheckoutRoot } from './find-checkout.ts';
import { findTools } from './find-tools.ts';
import type { PlanePlaces } from './hidden-places.ts';
import type { Account, Isolation, SandboxUsed } from './isolation.ts';
import { isInside } from './is-inside.ts';
import { possibleIsolations } from './possible-isolations.ts';
import { works } from './works.ts';
import { writableAreas } from './writable-areas.ts';

export interface SandboxRequest {
  /** `sandbox` of the configuration. */
  wanted: 'on' | 'off';
  /** Where the command runs, absolute. */
  cwd: string;
  /** A directory of this run, in which the command may write. */
  runDir: string;
  /** A further directory in which it may write, absolute, as the configuration has it. */
  reportFolder?: string | null;
  env: Readonly<Record<string, string>>;
  /** Keeps the sandbox when the command has ended well and left something running. */
  lasting?: boolean;
}

/** What surrounds one command; see `Apart` for what holds while it runs. */
export interface Sandbox extends Apart {
  used: SandboxUsed;
  /** Why it could not be made, so that the command must not be started; null when it was. */
  problem: string | null;
  /** The directory that the command may change, as it is called outside. */
  checkout: string;
}

export interface Sandboxes {
  /** What they keep commands apart from. */
  plane: PlanePlaces;
  /** The way that works here for commands in the plane's own checkout; null when there is none. */
  isolation(): Promise<Isolation | null>;
  /** Makes ready what the command needs; `leave` has to be called. Never throws for what the machine does not offer. */
  enter(request: SandboxRequest): Promise<Sandbox>;
}

/**
 * Keeps commands apart from the plane, in the best way that works on this machine. What works is tried once.
 *
 * @param ways what could work, the best first; for tests
 */
export function createSandboxes(
  plane: Plane,
  ways: typeof possibleIsolations = possibleIsolations,
): Sandboxes {
  const proven = new Map<string, Isolation>();

  async function isolationFor(checkout: string, scratchParent: string): Promise<Isolation | null> {
    const account = await otherAccount(checkout);
    const key = String(account?.uid ?? 'own');
    const known = proven.get(key);
    if (known !== undefined) return known;
    for (const isolation of await ways(await findTools(plane.env['PATH']), account)) {
      if (!(await works(plane, isolation, scratchParent))) continue;
      proven.set(key, isolation);
      return isolation;
    }
    return null;
  }

  return {
    plane,
    async isolation() {
      await mkdir(plane.dataDir, { recursive: true, mode: 0o700 });
      const parent = await mkdtemp(join(plane.dataDir, 'sandbox-'));
      try {
        return await isolationFor(await findCheckoutRoot(plane.rootDir), await realpath(parent));
      } finally {
        await removeTree(parent);
      }
    },
    async enter(request) {
      const { real: cwd, writable, refusal } = await checkedFolders(plane, request);
      const checkout = cwd === null ? resolve(request.cwd) : await findCheckoutRoot(cwd, plane.env['HOME']);
      const open = (used: SandboxUsed): Sandbox => ({
        ...notApart(request.env),
        used,
        problem: null,
        checkout,
      });
      if (refusal !== null) return { ...open('unavailable'), problem: refusal };
      const unfit = cwd === null || (await findDirectoryProblem(request.cwd)) !== null;
      // The command will not be started at all.
      if (unfit || request.wanted === 'off') return open('off');
      try {
        // Beside the directory of the run, which the command sees.
        const runDir = await realpath(request.runDir);
        const scratchParent = `${runDir}-sandbox`;
        await mkdir(scratchParent, { recursive: true, mode: 0o700 });
        const isolation = await isolationFor(checkout, scratchParent);
        if (isolation === null) return open('unavailable');
        const { account } = isolation;
        if (account !== undefined) await chown(runDir, account.uid, account.gid);
        if (isolation.kind === 'account') await openTheWay(await realpath(plane.dataDir), runDir);
        const made = await apartBy(plane, isolation, {
          ...request,
          cwd,
          runDir,
          checkout,
          writable,
          scratchParent,
        });
        return { ...made, used: isolation.kind, problem: null, checkout };
      } catch (error) {
        return { ...open('unavailable'), problem: `its sandbox could not be made: ${messageOf(error)}` };
      }
    },
  };
}

/** Where the folders of a command are, and why they cannot be used. */
async function checkedFolders(
  plane: Plane,
  { cwd, runDir, reportFolder = null }: SandboxRequest,
): Promise<CheckedFolder & { writable: string[] }> {
  const home = plane.env['HOME'] ?? homedir();
  const folders = [...((await plane.configuredFolders?.()) ?? []), cwd];
  if (reportFolder !== null) folders.push(reportFolder);
  // All suites of a run may write in its directory.
  const areas = await writableAreas([...folders, runDir], home);
  const facts = { rootDir: plane.rootDir, home, areas };
  const own = await checkFolder(cwd, facts);
  if (own.refusal !== null || reportFolder === null) return { ...own, writable: [] };
  const report = await checkFolder(reportFolder, facts);
  const refusal = report.refusal?.replace('its directory', 'the folder of its report') ?? null;
  return { real: own.real, refusal, writable: report.real === null ? [] : [report.real] };
}

/** Root gives a command the account whose checkout it runs in, when that is somebody else's. */
async function otherAccount(checkout: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const { uid, gid } = await stat(checkout);
  return uid === 0 ? undefined : accountOf(uid, gid);
}

/** Lets other accounts pass through to the directory of the run, without seeing what else is there. */
async function openTheWay(dataDir: string, runDir: string): Promise<void> {
  for (let at = dirname(runDir); at !== dataDir && isInside(at, dataDir); at = dirname(at))
    await chmod(at, 0o711);
}
