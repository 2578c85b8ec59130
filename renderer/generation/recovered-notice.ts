import { clearNotice, type Notice, tell, useStatus } from '../state/status-store.ts';

/** What was said last of a job that goes on, and of which. */
let said: { readonly jobId: string; readonly notice: Notice } | null = null;

/** The worker died and the job goes on: nothing has to be done, but it may be stopped. */
export function tellRecovered(jobId: string, message: string, stop: () => void): void {
  const notice: Notice = { level: 'warn', message, remedy: '', action: { label: 'Stop it', run: stop } };
  said = { jobId, notice };
  tell(notice);
}

/** The job ended: there is nothing to stop any more. */
export function forgetRecovered(jobId: string): void {
  if (said?.jobId !== jobId) return;
  if (useStatus.getState().notice === said.notice) clearNotice();
  said = null;
}
