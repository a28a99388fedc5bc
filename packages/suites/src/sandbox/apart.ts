import { readFile, realpath, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { groupsOf } from './accounts.ts';
import { bubblewrapWords, ranMark } from './bubblewrap-words.ts';
import type { Environment } from '../command/command-environment.ts';
import { removeTree } from '../remove-tree.ts';
import { absentStartFiles, type PlanePlaces } from './hidden-places.ts';
import type { Isolation } from './isolation.ts';
import { isInside } from './is-inside.ts';
import { namespaceScript, namespaceWords, type NamespacePlan } from './namespace-script.ts';
import { planPlaces } from './plan-places.ts';
import { fillScratch, outsidePath, removeScratch, scratchIn } from './scratch.ts';
import { lookAround } from './surroundings.ts';
import { killTagged, newTag } from './tagged-processes.ts';

/** How a command is started so that it is kept apart. */
export interface Apart {
  /** Puts the words before a command that bring it into the sandbox. */
  wrap(argv: readonly string[]): string[];
  env: Readonly<Record<string, string>>;
  /** Whether an exit code above 128 stands for a signal, since a shell waited for the command. */
  shellCodes: boolean;
  /** Where something lies outside that the command knows by this path. */
  outside(path: string): string;
  /** Whether the command was brought into its sandbox; asked after it has ended. */
  entered(): Promise<boolean>;
  /** Ends whatever is left of it and removes what was made. */
  leave(): Promise<void>;
}

/** The plane that has to be kept apart from. */
export type Plane = PlanePlaces & { env: Environment };

export interface ApartRequest {
  cwd: string;
  checkout: string;
  runDir: string;
  writable?: readonly string[];
  env: Readonly<Record<string, string>>;
  lasting?: boolean;
  scratchParent: string;
}

// These characters separate the parts of a layer's description.
const unfit = /[,:\\"]/;

// They name folders that the command does not see.
const ofThisSession = ['TMPDIR', 'XDG_RUNTIME_DIR'];

/** As it was before there were sandboxes. */
export function notApart(env: Readonly<Record<string, string>>): Apart {
  return {
    wrap: (argv) => [...argv],
    env,
    shellCodes: false,
    outside: (path) => path,
    entered: () => Promise.resolve(true),
    leave: () => Promise.resolve(),
  };
}

/** Makes everything ready that this way needs. */
export async function apartBy(plane: Plane, isolation: Isolation, request: ApartRequest): Promise<Apart> {
  const { account } = isolation;
  const env = environmentFor(isolation, request.env, plane.env);
  if (isolation.kind === 'account') return underAccount(isolation, env);
  const home = env['HOME'] ?? homedir();
  const scratch = scratchIn(request.scratchParent);
  const writable = [request.checkout, request.runDir, ...(request.writable ?? [])];
  // Where the plane's own program lies in between, which cannot be changed.
  const root = await realpath(plane.rootDir);
  const holdsPlane = isInside(root, request.checkout);
  const own = holdsPlane && isInside(request.cwd, root) && !isInside(request.cwd, join(root, '.git'));
  if (own) writable.push(request.cwd);
  const unwanted = holdsPlane ? await absentStartFiles(plane) : [];
  const { facts, mounts } = await lookAround(plane, {
    cwd: request.cwd,
    checkout: request.checkout,
    writable: [...new Set(writable)],
    home,
    homeLayer: isolation.homeLayer && ![scratch.path, plane.rootDir, home].some((path) => unfit.test(path)),
    env,
    scratch,
  });
  const places = planPlaces(facts);
  await fillScratch(scratch, places, account);
  const plan: NamespacePlan = {
    isolation,
    scratch,
    places,
    mounts,
    cwd: request.cwd,
    uid: account?.uid ?? process.getuid?.() ?? 0,
    gid: account?.gid ?? process.getgid?.() ?? 0,
    lasting: request.lasting === true,
  };
  await writeFile(scratch.script, namespaceScript(plan));
  const words = isolation.kind === 'bubblewrap' ? bubblewrapWords(plan) : namespaceWords(plan);
  return {
    wrap: (argv) => [...words, ...argv],
    env,
    shellCodes: true,
    outside: (path) => outsidePath(places, path),
    async entered() {
      const note = await readFile(scratch.ready, 'utf8').catch(() => null);
      return isolation.kind === 'bubblewrap' ? note?.includes(ranMark) === true : note !== null;
    },
    async leave() {
      await removeScratch(scratch);
      for (const path of unwanted) await removeTree(path);
    },
  };
}

/** Without namespaces the command sees the files that its account may read, and no more. */
async function underAccount({ account, tools }: Isolation, env: Record<string, string>): Promise<Apart> {
  if (account === undefined) return notApart(env);
  const tag = newTag();
  const groups = [...(await groupsOf(account)), tag].join(',');
  const who = [`--reuid=${account.uid}`, `--regid=${account.gid}`, `--groups=${groups}`];
  const words = [
    tools.setpriv ?? 'setpriv',
    '--no-new-privs',
    '--bounding-set=-all',
    '--inh-caps=-all',
    ...who,
    '--',
  ];
  return { ...notApart(env), wrap: (argv) => [...words, ...argv], leave: () => killTagged(tag) };
}

function environmentFor(
  { kind, account }: Isolation,
  given: Readonly<Record<string, string>>,
  ours: Environment,
): Record<string, string> {
  const gone = (name: string) =>
    kind !== 'account' && ofThisSession.includes(name) && given[name] === ours[name];
  const env = Object.fromEntries(Object.entries(given).filter(([name]) => !gone(name)));
  const entry = account?.entry;
  return entry === undefined ? env : { ...env, HOME: entry.home, USER: entry.name, LOGNAME: entry.name };
}
