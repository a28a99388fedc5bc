import { openDatabase } from '@actp/testing/stores';
import { races } from './races.fixture.ts';

races(await openDatabase(), 2_000);
