import { isPortFree, freePort } from './free-port.ts';
import { readPorts, writePorts, type PortName, type Ports } from './ports-file.ts';
import { StartupError } from './startup-error.ts';

export interface StackPorts {
  /**
   * Starts a part on its port: the one that was told, else the one of the last start, else a free one. When somebody
   * else takes a port that was not told between our look and the start, another one is tried.
   */
  onPort<T>(name: PortName, start: (port: number) => Promise<T>): Promise<T>;
}

const attempts = 3;

/**
 * @param file where the ports of the last start are kept
 * @param told ports that must be used
 */
export function createStackPorts(file: string, told: Ports): StackPorts {
  const remembered = readPorts(file);
  const chosen: Ports = {};

  async function choose(name: PortName, preferred: number | undefined): Promise<number> {
    let port = await freePort(preferred);
    while (Object.values(chosen).includes(port)) port = await freePort();
    chosen[name] = port;
    return port;
  }

  return {
    async onPort(name, start) {
      const fixed = told[name];
      if (fixed !== undefined) {
        if (await isPortFree(fixed)) return start(fixed);
        throw new StartupError(
          `Port ${fixed} on 127.0.0.1 is in use.`,
          'Stop the process that uses it, or leave the port out to have a free one chosen.',
        );
      }
      for (let attempt = 1; ; attempt += 1) {
        const port = await choose(name, attempt === 1 ? remembered[name] : undefined);
        try {
          const started = await start(port);
          writePorts(file, { ...remembered, ...chosen });
          return started;
        } catch (error) {
          if (attempt === attempts || (await isPortFree(port))) throw error;
        }
      }
    },
  };
}
