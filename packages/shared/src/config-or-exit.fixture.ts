import process from 'node:process';
import { redact } from '@actp/redaction/redact';
import { configOrExit, processShape } from './lifecycle.ts';
import { settings } from './settings.ts';

// A process for the tests: says what an app would know of a secret, and what its log would show.
const env = configOrExit({ ...processShape, WORKER_SECRET: settings.WORKER_SECRET }, process.env);
process.stdout.write(`${env.WORKER_SECRET.length} ${redact(`the value ${env.WORKER_SECRET}`)}\n`);
