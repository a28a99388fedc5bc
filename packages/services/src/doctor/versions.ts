import { fail, ok, warn, type Check } from './finding.ts';

const name = 'versions';
const made = 24;

/** Which versions run here, and whether they are those that this release was made for. */
export const versionsCheck = (versions: { release: string; node: string; platform: string }): Check => ({
  name,
  async look() {
    const { release, node, platform } = versions;
    const major = Number(node.replace(/^v/, '').split('.')[0]);
    const detail = `actp-worker ${release}, Node.js ${node.replace(/^v/, '')}, ${platform}`;
    if (platform !== 'linux' && platform !== 'darwin') {
      return fail(name, `${detail}: not supported`, 'Run it on Linux or macOS, or inside WSL');
    }
    if (major === made) return ok(name, detail);
    return warn(
      name,
      `${detail}: made for Node.js ${made}`,
      'Start with npm start, which brings its own Node.js; or remove node_modules and start again',
    );
  },
});
