import type { Db } from '@actp/db/client';
import { z } from 'zod';

const Time = z.string().transform((text) => new Date(text).toISOString());

/** A kill switch that is set, as the database returns it. */
export const ActiveKillSwitch = z.object({
  scope: z.string(),
  reason: z.string(),
  since: Time,
  set_by: z.string(),
});
export type ActiveKillSwitch = z.output<typeof ActiveKillSwitch>;

/** What is stopped now, newest first. */
export async function activeKillSwitches(db: Db): Promise<ActiveKillSwitch[]> {
  return z.array(ActiveKillSwitch).parse(await db.call((client) => client.rpc('active_kill_switches')));
}

/** The same for who is about to release something. @throws PlaneHeldError while nothing may be */
export async function releasableKillSwitches(db: Db): Promise<ActiveKillSwitch[]> {
  return z.array(ActiveKillSwitch).parse(await db.call((client) => client.rpc('releasable_kill_switches')));
}
