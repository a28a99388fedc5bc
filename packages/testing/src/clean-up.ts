import { afterAll, beforeAll } from 'vitest';
import { cleanUp } from './at-end.ts';
import { openResources, resourcesLeft } from './leaks.ts';

// A setup file, which runs anew for each test file: files of one worker share their modules, so that a hook registered by
// at-end.ts itself would belong to the first of them alone.
let before: ReadonlyMap<string, number>;
beforeAll(() => {
  before = openResources();
});
afterAll(async () => {
  await cleanUp();
  const left = await resourcesLeft(before);
  if (left.length > 0) throw new Error(`left open by this file: ${left.join(', ')}`);
});
