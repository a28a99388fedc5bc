import { runStandIn } from '../outside/program.ts';
import { startResend } from './server.ts';

runStandIn('Resend', startResend);
