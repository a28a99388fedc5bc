import { openStores } from '@actp/testing/stores';
import { races } from './races.fixture.ts';

races(await openStores(), 2_000);
