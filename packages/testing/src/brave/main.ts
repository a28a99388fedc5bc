import { runStandIn } from '../outside/program.ts';
import { createBraveServer } from './server.ts';

runStandIn('Brave Search', createBraveServer);
