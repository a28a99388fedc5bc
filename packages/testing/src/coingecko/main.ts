import { runStandIn } from '../outside/program.ts';
import { startCoinGecko } from './server.ts';

runStandIn('CoinGecko', startCoinGecko);
