import fc from 'fast-check';
import process from 'node:process';

// A setup file. What has to pass before a change lands tries the same inputs each time, so that a red run says something about the
// change; the long trials look for new ones. `FC_SEED` tries others.
const given = process.env['FC_SEED'];
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: given === undefined ? 20_261_126 : Number(given) });
