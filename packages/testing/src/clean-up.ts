import { afterAll } from 'vitest';
import { cleanUp } from './at-end.ts';

// A setup file, which runs anew for each test file: files of one worker share their modules, so that a hook registered by
// at-end.ts itself would belong to the first of them alone.
afterAll(cleanUp);
