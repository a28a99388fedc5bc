import { gatewaySettings } from './settings-reference/gateway.ts';
import type { SettingGroup } from './settings-reference/reference.ts';
import { storesSettings } from './settings-reference/stores.ts';
import { upkeepSettings } from './settings-reference/upkeep.ts';
import { workSettings } from './settings-reference/work.ts';

export type { SettingName, SettingReference } from './settings-reference/reference.ts';

/** Every setting, in groups, in the order in which an operator reads them. */
export const settingGroups: readonly SettingGroup[] = [
  ...gatewaySettings,
  ...storesSettings,
  ...workSettings,
  ...upkeepSettings,
];
