import { spawn } from 'node:child_process';

/** True where a browser could show a window. */
export function hasDisplay(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): boolean {
  return platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}

/**
 * Opens an address in the machine's browser. Without a display, or without the program that does it, nothing
 * happens: the address has been printed. Other users can see the arguments of programs, so hand it a ticket.
 */
export function openBrowser(url: string): void {
  if (!hasDisplay()) return;
  const [command, ...args] = openerOf(process.platform, url);
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}

function openerOf(platform: NodeJS.Platform, url: string): [string, ...string[]] {
  if (platform === 'darwin') return ['open', url];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url];
  return ['xdg-open', url];
}
