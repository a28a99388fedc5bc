import { join } from 'node:path';
import process from 'node:process';
import { apps } from './apps.ts';
import { runPlane } from './run-plane.ts';

const root = join(import.meta.dirname, '..', '..', '..');
await runPlane({ root, apps, environment: process.env });
