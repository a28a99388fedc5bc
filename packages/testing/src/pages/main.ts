import { runStandIn } from '../outside/program.ts';
import { startPages } from './server.ts';

runStandIn('Web site', startPages);
