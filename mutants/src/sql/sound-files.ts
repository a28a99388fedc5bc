import process from 'node:process';
import type { Tests } from './tests.ts';

/** Which test files pass when nothing is damaged: the word of one that does not is worth nothing. */
export interface SoundFiles {
  /** Without those that are known to fail anyway. */
  of(files: readonly string[]): string[];
  /** Whether one of these files, which have failed, passes without a damage. */
  believes(failed: readonly string[]): Promise<boolean>;
}

export function soundFiles(tests: Tests): SoundFiles {
  const passes = new Map<string, boolean>();
  return {
    of: (files) => files.filter((file) => passes.get(file) !== false),
    async believes(failed) {
      for (const file of failed) {
        if (!passes.has(file)) {
          passes.set(file, (await tests.run([file])).passed);
          if (passes.get(file) === false)
            process.stdout.write(`left out, as it fails without a damage: ${file}\n`);
        }
        if (passes.get(file) === true) return true;
      }
      return false;
    },
  };
}
