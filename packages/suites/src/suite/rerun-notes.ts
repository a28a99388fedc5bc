import { shownNames } from './shown-names.ts';

/** Why the whole suite ran where only failing tests were to. */
export interface RerunNotes {
  notFound(test: string): void;
  unfit(tests: readonly string[]): void;
  tooMany(tests: number): void;
  unreported(): void;
  /** One note for each reason; none when there was no such run. */
  list(): string[];
}

/** Collects the reasons of a suite's reruns. */
export function createRerunNotes(): RerunNotes {
  const notFound = new Set<string>();
  const unfit = new Set<string>();
  let tooMany = 0;
  let unreported = false;
  const instead = 'so the whole suite ran instead';
  return {
    notFound: (test) => notFound.add(test),
    unfit: (tests) => tests.forEach((test) => unfit.add(test)),
    tooMany: (tests) => {
      tooMany = Math.max(tooMany, tests);
    },
    unreported: () => {
      unreported = true;
    },
    list: () => [
      ...(notFound.size > 0 ? [`not found by name, ${instead}: ${shownNames([...notFound])}`] : []),
      ...(unfit.size > 0 ? [`no names for a command line, ${instead}: ${shownNames([...unfit])}`] : []),
      ...(tooMany > 0
        ? [`${tooMany} tests have too many or too long names for a command line, ${instead}`]
        : []),
      ...(unreported ? [`a rerun by name left no report that can be used, ${instead}`] : []),
    ],
  };
}
