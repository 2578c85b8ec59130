import { openBrowser } from './open-browser.ts';
import { type HeadlessOptions, type HeadlessStudio, runHeadless } from './run-headless.ts';

/** How a headless studio is run from a terminal. */
export interface ServeOptions extends Omit<HeadlessOptions, 'log'> {
  /** Open the page in this machine's browser, where there is a display. */
  readonly open: boolean;
  /** Print one JSON object instead of sentences. */
  readonly json: boolean;
}

/** Longest that closing may take before the process ends anyway. */
const CLOSE_WITHIN_MS = 15_000;

/**
 * Runs a headless studio in this process until SIGINT or SIGTERM, prints its address on standard output and
 * everything else on standard error. A second signal ends it at once.
 *
 * @throws StudioError as {@link runHeadless} does.
 */
export async function serveUntilStopped(options: ServeOptions): Promise<void> {
  const log = (message: string): void => void process.stderr.write(`${message}\n`);
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  let asked = 0;
  const onSignal = (): void => {
    asked += 1;
    if (asked > 1) process.exit(130);
    stop();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);

  const studio = await runHeadless({ ...options, log });
  announce(studio, options);
  if (options.open) openBrowser(studio.ticketUrl());
  await stopped;
  setTimeout(() => process.exit(1), CLOSE_WITHIN_MS).unref();
  await studio.close();
  process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
}

function announce(studio: HeadlessStudio, { json }: ServeOptions): void {
  const { url, outwardUrls, port } = studio;
  if (json) {
    process.stdout.write(`${JSON.stringify({ url, outwardUrls, port })}\n`);
    return;
  }
  process.stdout.write(`Impasto is at ${url}\n`);
  for (const outward of outwardUrls) process.stdout.write(`From other machines: ${outward}\n`);
  process.stderr.write('Ctrl+C ends it.\n');
}
