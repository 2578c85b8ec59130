import type { Envelope } from '../../preload/contract/index.ts';
import { answerFrame, type RequestFrame } from './frames.ts';

/** Bytes of answers that a session keeps for a page that may ask again. */
const KEPT_ANSWER_BYTES = 256 * 1024 * 1024;
/** Events that wait for a page whose link is down; older ones go first. */
const KEPT_EVENTS = 512;

/** Where a session's frames go while its page is linked. */
export interface FrameSink {
  /** `lossyKey` marks frames of which only the latest matters when the link is slow. */
  send(frame: Uint8Array, lossyKey: string | null): void;
}

/**
 * One page's conversation with the studio. It outlives its sockets: a request is run once however often the page
 * repeats it after a dropped link, its answer is kept until the page says that it has it, and jobs go on meanwhile.
 */
export interface Session {
  /** Runs a request, or answers again one that has run. Resolves when its answer stands. */
  receive(frame: RequestFrame): Promise<void>;
  /** Passes an event on, or keeps it until a page is linked again; lossy ones are not kept. */
  notify(frame: Uint8Array, lossyKey: string | null): void;
  /** Remembers that everything sent so far was followed by a ping; {@link Session.confirm} takes what it returns. */
  mark(): number;
  /** The ping of a mark was answered: answers sent before it have arrived and are not kept any longer. */
  confirm(mark: number): void;
  /** Links the session to a page; what waited goes out first. */
  attach(sink: FrameSink): void;
  /** Unlinks it, if it is still linked to this sink. */
  detach(sink: FrameSink): void;
  /** Requests that run now. */
  readonly running: number;
  /** True while a page is linked. */
  readonly linked: boolean;
}

/** A session whose requests are answered by `handle`, which never rejects. */
export function createSession(
  handle: (name: unknown, params: unknown) => Promise<Envelope<unknown>>,
): Session {
  const answers = new Map<number, { readonly frame: Uint8Array; sentAt: number }>();
  const running = new Set<number>();
  const waitingEvents: Uint8Array[] = [];
  let keptBytes = 0;
  /** Counts marks; an answer that was sent carries the count of its time. */
  let clock = 0;
  let highest = 0;
  let sink: FrameSink | null = null;

  function forget(id: number): void {
    keptBytes -= answers.get(id)?.frame.byteLength ?? 0;
    answers.delete(id);
  }

  function keep(id: number, frame: Uint8Array): void {
    answers.set(id, { frame, sentAt: sink === null ? Number.POSITIVE_INFINITY : clock });
    keptBytes += frame.byteLength;
    // Insertion order is the order of completion; the newest answer always stays.
    for (const old of answers.keys()) {
      if (keptBytes <= KEPT_ANSWER_BYTES || old === id) break;
      forget(old);
    }
  }

  return {
    async receive({ id, ack, name, params }) {
      for (const answered of answers.keys()) if (answered <= ack) forget(answered);
      if (running.has(id) || id <= ack) return;
      const known = answers.get(id);
      if (known !== undefined) {
        known.sentAt = clock;
        sink?.send(known.frame, null);
        return;
      }
      if (id <= highest) {
        sink?.send(answerFrame(id, { ok: false, error: ANSWER_GONE }), null);
        return;
      }
      highest = id;
      running.add(id);
      const frame = answerFrame(id, await handle(name, params));
      running.delete(id);
      keep(id, frame);
      sink?.send(frame, null);
    },
    notify(frame, lossyKey) {
      if (sink !== null) {
        sink.send(frame, lossyKey);
        return;
      }
      if (lossyKey !== null) return;
      waitingEvents.push(frame);
      if (waitingEvents.length > KEPT_EVENTS) waitingEvents.shift();
    },
    mark() {
      clock += 1;
      return clock;
    },
    confirm(mark) {
      for (const [id, { sentAt }] of answers) if (sentAt < mark) forget(id);
    },
    attach(next) {
      sink = next;
      // What went to an earlier socket may never have arrived.
      for (const answer of answers.values()) answer.sentAt = Number.POSITIVE_INFINITY;
      for (const frame of waitingEvents.splice(0)) next.send(frame, null);
    },
    detach(gone) {
      if (sink === gone) sink = null;
    },
    get running() {
      return running.size;
    },
    get linked() {
      return sink !== null;
    },
  };
}

const ANSWER_GONE = {
  code: 'link/answer-gone',
  message: 'This was done while the link was down, but its answer is no longer kept.',
  remedy: 'Reload the page to see how things stand; nothing was done twice.',
};
