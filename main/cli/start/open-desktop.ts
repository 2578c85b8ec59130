import { spawn } from 'node:child_process';
import { locateInstallation } from '../../hosting/installation.ts';
import { hasDisplay } from '../../server/open-browser.ts';
import { fetchElectron } from './fetch-electron.ts';
import { findElectronPackage } from './find-electron.ts';

/** An Electron that ends badly within this many milliseconds never showed a window. */
const START_MS = 10_000;
const KEPT_CHARACTERS = 8192;
/** Ends that somebody asked for. */
const STOP_SIGNALS: ReadonlySet<string> = new Set(['SIGINT', 'SIGTERM', 'SIGKILL', 'SIGHUP']);

/**
 * Opens the desktop studio and waits until it is closed.
 *
 * @param say tells a person what takes time.
 * @returns null when it ran (its exit code is the process's), else why it could not, as a sentence.
 */
export async function openDesktop(say: (message: string) => void): Promise<string | null> {
  if (!hasDisplay()) return 'There is no display for a window.';
  const electron = findElectronPackage();
  if (electron === null) return 'Electron is not installed.';
  if (electron.binary() === null) {
    say(`Fetching Electron ${electron.version}, once (about 120 MB) …`);
    const fault = await fetchElectron(electron);
    if (fault !== null) return `Electron is missing and ${fault}.`;
  }
  const binary = electron.binary();
  return binary === null ? 'Electron is missing.' : runElectron(binary, locateInstallation().root);
}

function runElectron(binary: string, root: string): Promise<string | null> {
  const child = spawn(binary, [root], { stdio: ['inherit', 'inherit', 'pipe'] });
  // Ctrl+C reaches the child as well, which closes its documents; this process only waits for it.
  const wait = (): void => {};
  const pass = (): void => void child.kill('SIGTERM');
  process.on('SIGINT', wait).on('SIGTERM', pass);
  const began = performance.now();
  let words = '';
  let starting = true;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (starting) words = (words + text).slice(-KEPT_CHARACTERS);
    else process.stderr.write(text);
  });
  // What Chromium says while it starts is shown only if it goes on.
  const started = setTimeout(() => {
    starting = false;
    process.stderr.write(words);
  }, START_MS);
  return new Promise((resolve) => {
    const end = (reason: string | null): void => {
      clearTimeout(started);
      process.off('SIGINT', wait).off('SIGTERM', pass);
      resolve(reason);
    };
    child.on('error', (error) => end(`Electron cannot be run (${error.message}).`));
    child.on('close', (code, signal) => {
      const crashed = code === null ? !STOP_SIGNALS.has(signal ?? '') : code !== 0;
      if (crashed && performance.now() - began < START_MS) {
        end(`Electron ended with ${signal ?? `code ${code}`}${lastWords(words)}.`);
        return;
      }
      process.exitCode = code ?? 1;
      end(null);
    });
  });
}

/** The line that says most: a fatal one, else the last. */
function lastWords(text: string): string {
  const lines = text.trim().split('\n');
  const line = lines.find((candidate) => /FATAL|error while loading/.test(candidate)) ?? lines.at(-1) ?? '';
  return line === '' ? '' : ` (${line.trim().slice(0, 200)})`;
}
