// npm run train [-- folder]: fits the model of packages/screening to the rows of a folder (../shared/data), bit for bit the same.
import process from 'node:process';
import { runProgram } from './node-program.js';

await runProgram(['packages', 'screening', 'src', 'train', 'main.ts'], process.argv.slice(2));
