import type { Client } from '@actp/db/client';
import { UnavailableError } from '@actp/shared/errors';
import type { HealDeps } from './run/heal-deps.ts';

/** Where a runner is killed: at its n-th call to the outside, counted from 1, before or after it was carried out. */
export interface Death {
  at: number;
  when: 'before' | 'after';
}

/** The parts of a runner that is killed at some point: nothing that it would do after that is done. */
export interface Mortal {
  deps: HealDeps;
  /** What was called: the SQL function, `git` with its command, `tests`. */
  readonly calls: readonly string[];
  /** Settled when it is dead. */
  readonly dead: Promise<void>;
  readonly buried: boolean;
  /** Lets go of what hangs. */
  bury(): void;
}

/** @param death none: it lives, and only tells what it called */
export function createMortal(deps: HealDeps, death: Death | null): Mortal {
  const calls: string[] = [];
  const last = Promise.withResolvers<void>();
  const grave = Promise.withResolvers<never>();
  grave.promise.catch(() => undefined);
  let [alive, buried] = [true, false];

  async function outside<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (!alive) return grave.promise;
    calls.push(name);
    const dies = calls.length === death?.at;
    const die = () => {
      alive = false;
      last.resolve();
      return grave.promise;
    };
    if (dies && death.when === 'before') return die();
    const result = await work();
    // Another call may have been the last one meanwhile.
    return dies || !alive ? die() : result;
  }
  return {
    calls,
    dead: last.promise,
    get buried() {
      return buried;
    },
    bury() {
      buried = true;
      grave.reject(new UnavailableError('the runner was killed'));
    },
    deps: {
      ...deps,
      db: {
        call(build) {
          let name = 'query';
          const told = (client: Client) =>
            build(
              new Proxy(client, {
                get(target, key) {
                  const value: unknown = Reflect.get(target, key, target);
                  if (typeof value !== 'function') return value;
                  return (...args: unknown[]) => {
                    if (key === 'rpc') name = String(args[0]);
                    return Reflect.apply(value, target, args) as unknown;
                  };
                },
              }),
            );
          const at = calls.length;
          return outside(name, () => deps.db.call(told)).finally(() => {
            if (calls[at] === 'query') calls[at] = name;
          });
        },
      },
      git: {
        run: (cwd, args, more) => outside(`git ${args[0] ?? ''}`, () => deps.git.run(cwd, args, more)),
      },
      askToApply: (proposal) => outside('request_approval', () => deps.askToApply(proposal)),
      runTests: (...args) => outside('tests', () => deps.runTests(...args)),
    },
  };
}
