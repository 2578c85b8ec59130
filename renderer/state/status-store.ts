import type { DeviceReport, StudioInfo } from '../../preload/contract/index.ts';
import { create } from 'zustand';

/** A button beside a sentence. */
interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

/** A sentence in the status line, with the acts it offers. */
export interface Notice {
  readonly level: 'info' | 'warn' | 'bad';
  readonly message: string;
  readonly remedy: string;
  /** A one-tap fix, if there is one. */
  readonly action?: NoticeAction;
  /** Another way out, where there are two. */
  readonly otherAction?: NoticeAction;
}

/** What the studio says of itself. */
export interface StatusState {
  info: StudioInfo | null;
  device: DeviceReport | null;
  /** What was found of each device is shown. */
  deviceDetails: boolean;
  /** The devices are being tried once more. */
  testingDevices: boolean;
  notice: Notice | null;
  /** The link to the studio; in the desktop it is always open. */
  connection: 'open' | 'lost';
  /** False until the first try to link has ended: nothing is known to be wrong. */
  linkTried: boolean;
  /** The studio's sentence where it is there but takes no more pages. */
  linkFull: string | null;
  /** Seconds until the next try while the link is lost. */
  retrySeconds: number;
  /** Tries the link again at once. */
  retry: (() => void) | null;
  /** Spoken politely by screen readers. */
  announcement: string;
}

/** The status line's content. */
export const useStatus = create<StatusState>()(() => ({
  info: null,
  device: null,
  deviceDetails: false,
  testingDevices: false,
  notice: null,
  connection: 'open',
  linkTried: true,
  linkFull: null,
  retrySeconds: 0,
  retry: null,
  announcement: '',
}));

let fading: ReturnType<typeof setTimeout> | undefined;

/** Shows a sentence in the status line; information fades after 8 s, warnings stay until replaced. */
export function tell(notice: Notice): void {
  clearTimeout(fading);
  useStatus.setState({ notice });
  if (notice.level === 'info') {
    fading = setTimeout(() => {
      if (useStatus.getState().notice === notice) useStatus.setState({ notice: null });
    }, 8000);
  }
}

/** Takes away whatever the status line says. */
export function clearNotice(): void {
  useStatus.setState({ notice: null });
}

/** Speaks a sentence through the polite live region. */
export function announce(sentence: string): void {
  useStatus.setState({ announcement: sentence });
}
