import { runStandIn } from '../outside/program.ts';
import { startGroq } from './server.ts';

runStandIn('Groq', ({ port }) => startGroq({ port }));
