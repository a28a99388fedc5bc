import { it } from 'vitest';
import { runsAgain } from './worker-death.fixture.ts';

it('[I5] a job whose worker process was killed runs again, with the lock that is in use', () => runsAgain());
