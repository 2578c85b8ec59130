import type { SettingsStore } from '../settings/settings-store.ts';
import type { Handlers, RequestsOf } from './handlers.ts';

/** Answers `settings.*` from the settings store. */
export function settingsHandlers(settings: SettingsStore): Handlers<RequestsOf<'settings'>> {
  return {
    'settings.read': () => settings.read(),
    'settings.write': ({ key, value }) => {
      settings.write(key, value);
      return {};
    },
  };
}
