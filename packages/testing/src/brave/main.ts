import { runStandIn } from '../outside/program.ts';
import { startBrave } from './server.ts';

runStandIn('Brave Search', startBrave);
