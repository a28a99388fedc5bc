import { runStandIn } from '../outside/program.ts';
import { createPagesSite } from './server.ts';

runStandIn('Web site', createPagesSite);
