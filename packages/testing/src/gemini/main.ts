import { runStandIn } from '../outside/program.ts';
import { startGemini } from './server.ts';

runStandIn('Gemini', ({ port }) => startGemini({ port }));
