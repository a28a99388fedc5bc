import { runStandIn } from '../outside/program.ts';
import { startStripe } from './server.ts';

runStandIn('Stripe', startStripe);
