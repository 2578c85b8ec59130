import {
  type MissingPart,
  type RequestResult,
  StudioError,
  type StudioEvent,
} from '../../preload/contract/index.ts';
import { noteReplay, type ReplayTold } from '../generation/replay-store.ts';
import { secondsText } from '../generation/verb.ts';
import { useLayout } from '../state/layout-store.ts';
import type { StudioLink } from '../state/studio-link.ts';
import { announce, tell } from '../state/status-store.ts';
import { explained } from './explained.ts';
import type { Workspace } from './workspace.ts';

type Compared = RequestResult<'generation.compare'>;

/** Makes a result again from its recipe alone, and says whether the bits are the same, what differs, or what is missing. */
export async function replayResult({ link }: Workspace, resultId: string): Promise<void> {
  const note = (how: ReplayTold['how'], words: string): void => {
    noteReplay(resultId, { how, words });
    announce(words);
  };
  note('running', 'Making it again, all of it…');
  const ends = followEnds(link);
  try {
    const { jobId, missing } = await link.request('generation.replay', { resultId });
    if (jobId === null) {
      note('lacks', `It cannot be made again here. ${missing.map(missingWords).join(' ')}`);
      return;
    }
    const again = await ends.of(jobId);
    const compared = await link.request('generation.compare', { original: resultId, again: again.resultId });
    note(compared.equal ? 'same' : 'differs', comparedWords(compared, again.seconds));
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    note('failed', `${error.message} ${error.remedy}`);
  } finally {
    ends.stop();
  }
}

/** Makes the exact picture that an approximate result stands for, and says how far that one is off. */
export async function compareWithExact({ link }: Workspace, resultId: string): Promise<void> {
  const note = (how: ReplayTold['how'], words: string): void => {
    noteReplay(resultId, { how, words });
    announce(words);
  };
  note('running', 'Making the exact picture…');
  const ends = followEnds(link);
  try {
    const { jobId } = await link.request('generation.exact', { resultId });
    if (jobId === null) {
      note('same', 'Nothing of it is approximate.');
      return;
    }
    const exact = await ends.of(jobId);
    const compared = await link.request('generation.compare', { original: exact.resultId, again: resultId });
    note(compared.equal ? 'same' : 'differs', offWords(compared, exact.seconds));
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    note('failed', `${error.message} ${error.remedy}`);
  } finally {
    ends.stop();
  }
}

/** Takes a PNG file by Impasto in as a result, shows it, and makes it again. */
export async function replayFile(workspace: Workspace, png: Uint8Array<ArrayBuffer>): Promise<void> {
  await explained(async () => {
    const { link, generator } = workspace;
    const { resultId } = await link.request('generation.adopt', { png });
    const { summary } = await link.request('generation.result', { resultId });
    useLayout.setState({ preset: 'generate' });
    generator.pictures.stage(summary);
    tell({
      level: 'info',
      message: 'Making the picture again; what comes of it is in its recipe card.',
      remedy: '',
    });
    await replayResult(workspace, resultId);
  });
}

function missingWords({ kind, name, sha256 }: MissingPart): string {
  return `Missing: ${kind} "${name}", sha256 ${sha256.slice(0, 12)}…`;
}

function comparedWords({ difference, causes }: Compared, seconds: number): string {
  if (difference === null) return `Made again in ${secondsText(seconds)}: the same, bit for bit.`;
  const { pixels, ofPixels, largest } = difference;
  const how =
    largest === null
      ? 'its size differs'
      : `${pixels} of ${ofPixels} pixels differ, by ${largest} of 255 at most`;
  return `Made again, and another picture: ${how}. ${causes.join(' ')}`;
}

function offWords({ difference }: Compared, seconds: number): string {
  const made = `The exact picture took ${secondsText(seconds)} and is in the gallery`;
  if (difference === null) return `${made}: this one is equal to it, bit for bit.`;
  const { pixels, ofPixels, largest, psnr } = difference;
  const off = psnr === null ? '' : `${psnr.toFixed(1)} dB (PSNR), `;
  return `${made}. This one is off by ${off}${Math.round((100 * pixels) / ofPixels)}% of pixels differ, by ${largest ?? 255} of 255 at most.`;
}

type Finished = Extract<StudioEvent, { name: 'generation.finished' }>['payload']['result'];

/** Ends of jobs from now on, so that one which ends before its id is known is not missed. */
function followEnds(link: StudioLink) {
  const ended = new Map<string, Finished | StudioError>();
  let look = (): void => {};
  const stop = link.subscribe((event) => {
    if (event.name === 'generation.finished') ended.set(event.payload.jobId, event.payload.result);
    else if (event.name === 'generation.failed') {
      ended.set(event.payload.jobId, StudioError.from(event.payload.error));
    } else return;
    look();
  });
  return {
    stop,
    of: (jobId: string): Promise<Finished> =>
      new Promise((resolve, reject) => {
        look = () => {
          const end = ended.get(jobId);
          if (end instanceof StudioError) reject(end);
          else if (end !== undefined) resolve(end);
        };
        look();
      }),
  };
}
