import { join } from 'node:path';
import { app, crashReporter } from 'electron';
import { claimPageScheme } from './page-protocol.ts';

/** What must be said to Electron before it is ready. */
export function prepareApp(dataFolder: string): void {
  app.setName('Impasto');
  // Cookies, caches and the single-instance lock lie with the studio's own data, so that two data folders are two studios.
  app.setPath('userData', join(dataFolder, 'desktop'));
  app.setPath('crashDumps', join(dataFolder, 'crashes'));
  crashReporter.start({ uploadToServer: false });
  claimPageScheme();
  // Chromium's own errands; none of them is the studio's.
  for (const name of [
    'disable-background-networking',
    'disable-component-update',
    'disable-domain-reliability',
  ]) {
    app.commandLine.appendSwitch(name);
  }
  app.commandLine.appendSwitch('no-pings');
  // Chromium leaves WebGPU off on Linux where it has not tested the driver; the studio tests it itself.
  if (process.platform === 'linux') app.commandLine.appendSwitch('enable-unsafe-webgpu');
}
