import {
  type EventPayload,
  type LiveSettings,
  type ResultSummary,
  StudioError,
  type StudioEvent,
} from '../../../preload/contract/index.ts';
import type { OverlaySlot } from '../../canvas/overlay-picture.ts';
import type { PaintDocument } from '../../engine/document.ts';
import type { Rect } from '../../engine/geometry/rect.ts';
import { announce, tell } from '../../state/status-store.ts';
import type { StudioLink } from '../../state/studio-link.ts';
import { useGeneration } from '../generation-store.ts';
import { shrinkByWhole } from '../resample.ts';
import { movesAdapters, placeAdapters } from '../place-adapters.ts';
import { activeAdapters, useShelf } from '../shelf-store.ts';
import { LiveCanvas } from './live-canvas.ts';
import { LiveImage } from './live-image.ts';
import { LiveOverlay, type Nib } from './live-overlay.ts';
import { LIVE_AT_REST, useLive } from './live-store.ts';

/** What is painted live on. */
export interface LiveTarget {
  readonly document: PaintDocument;
  /** Composited pixels of a rectangle, RGBA8 straight. */
  readonly read: (rect: Rect) => Uint8Array;
  /** Where the picture goes. */
  readonly frame: Rect;
}

/** A pressed nib in document pixels. */
export interface PressedNib {
  readonly x: number;
  readonly y: number;
  /** How far around it nothing may change. */
  readonly radius: number;
}

/** Everything that one run of Live holds. */
interface Session {
  readonly target: LiveTarget;
  readonly canvas: LiveCanvas;
  readonly overlay: LiveOverlay;
  readonly image: LiveImage;
  readonly ended: AbortController;
  id: string | null;
  shown: number;
  /** Changes at which strokes ended that no picture shows yet. */
  strokes: number[];
  sending: boolean;
  /** Something other than pixels is to be sent: the pen went up, or settings changed. */
  news: boolean;
  settings: LiveSettings | null;
}

/** Settings settle for so long before they are sent. */
const SETTINGS_DELAY = 150;
/** A hidden window goes on for so long. */
const HIDDEN_GRACE = 2000;

/** Keeps the canvas and the studio's live pictures in step while Live is on. */
export class LivePainter {
  readonly #link: StudioLink;
  readonly #slot: OverlaySlot;
  #session: Session | null = null;
  #nib: PressedNib | null = null;

  constructor(link: StudioLink, slot: OverlaySlot) {
    this.#link = link;
    this.#slot = slot;
    link.subscribe((event) => this.#follow(event));
  }

  /** True from the moment that it is turned on until it is off. */
  get on(): boolean {
    return this.#session !== null;
  }

  /** Turns Live on; another target takes the place of the one before. */
  async start(target: LiveTarget): Promise<void> {
    this.stop();
    const { form } = useGeneration.getState();
    if (form.modelId === '') return;
    const { width, height } = form;
    const canvas = new LiveCanvas({ frame: target.frame, width, height }, target.read);
    const session: Session = {
      target,
      canvas,
      overlay: new LiveOverlay(width, height),
      image: new LiveImage(width, height, () => this.#draw(session)),
      ended: new AbortController(),
      id: null,
      shown: -1,
      strokes: [],
      sending: true,
      news: false,
      settings: readSettings(target),
    };
    this.#session = session;
    useLive.setState({ ...LIVE_AT_REST, phase: 'running', waiting: true });
    this.#watch(session);
    try {
      const settings = session.settings ?? readSettings(target);
      const started = await this.#link.request('live.start', { settings, canvas: canvas.raster, number: 0 });
      if (this.#session !== session) {
        await this.#link.request('live.stop', started);
        return;
      }
      session.id = started.sessionId;
      session.sending = false;
      this.#send(session);
    } catch (error) {
      if (this.#session === session) this.#stopped(session, error);
    }
  }

  /** Turns Live off: no job of it exists within a step. */
  stop(): void {
    const session = this.#session;
    this.#session = null;
    useLive.setState({ ...LIVE_AT_REST, phase: 'off' });
    if (!session) return;
    session.ended.abort();
    session.image.dispose();
    this.#slot.showUnder(null);
    if (session.id !== null)
      this.#link.request('live.stop', { sessionId: session.id }).catch(() => undefined);
  }

  /** Tells where the pressed nib is; null once it is lifted. */
  nibAt(nib: PressedNib | null): void {
    const lifted = this.#nib !== null && nib === null;
    this.#nib = nib;
    const session = this.#session;
    if (!session || !lifted) return;
    this.#takeChange(session);
    session.strokes.push(session.canvas.number);
    session.news = true;
    session.overlay.release(session.canvas.paintedAt, useLive.getState().blend);
    session.image.fadeTo(pixelsOf(session.overlay));
    useLive.setState({ heldBack: false });
    this.#mirror(session);
    this.#send(session);
  }

  /** Keeps the picture that is shown as a result. @returns null while there is none. */
  async keep(): Promise<{ summary: ResultSummary; frame: Rect } | null> {
    const session = this.#session;
    if (!session || session.id === null || session.shown < 0) return null;
    const summary = await this.#link.request('live.keep', { sessionId: session.id });
    return { summary, frame: session.target.frame };
  }

  #watch(session: Session): void {
    const { signal } = session.ended;
    const { document: picture } = session.target;
    let frame = 0;
    let settingsTimer: ReturnType<typeof setTimeout> | undefined;
    let hiddenTimer: ReturnType<typeof setTimeout> | undefined;
    const stops = [
      picture.subscribe((event) => {
        if (event.structure) session.canvas.touch(event.structure);
        // Groups that adapters are bound to may lie elsewhere now.
        if (movesAdapters(event.changes, picture)) settle();
        for (const { rect } of event.pixels) session.canvas.touch(rect);
        // Once a frame: whatever changes meanwhile goes together.
        frame ||= requestAnimationFrame(() => {
          frame = 0;
          if (this.#takeChange(session)) this.#send(session);
        });
      }),
      useGeneration.subscribe((state, before) => {
        if (state.form !== before.form) settle();
      }),
      useShelf.subscribe(() => settle()),
      useLive.subscribe((state, before) => {
        if (state.strength !== before.strength || state.steps !== before.steps) settle();
        if (state.blend !== before.blend) this.#reblend(session, state.blend);
      }),
    ];
    const settle = (): void => {
      clearTimeout(settingsTimer);
      settingsTimer = setTimeout(() => this.#changeSettings(session), SETTINGS_DELAY);
    };
    const hide = (): void => {
      clearTimeout(hiddenTimer);
      const pause = (paused: boolean): void => {
        if (session.id !== null)
          this.#link.request('live.pause', { sessionId: session.id, paused }).catch(() => undefined);
      };
      if (document.visibilityState === 'hidden') hiddenTimer = setTimeout(() => pause(true), HIDDEN_GRACE);
      else pause(false);
    };
    document.addEventListener('visibilitychange', hide, { signal });
    signal.addEventListener('abort', () => {
      for (const stop of stops) stop();
      cancelAnimationFrame(frame);
      clearTimeout(settingsTimer);
      clearTimeout(hiddenTimer);
    });
  }

  #changeSettings(session: Session): void {
    const settings = readSettings(session.target);
    const { width, height } = session.canvas.place;
    // Another size is another canvas.
    if (settings.width !== width || settings.height !== height) {
      void this.start(session.target);
      return;
    }
    session.settings = settings;
    session.news = true;
    this.#send(session);
  }

  /** Takes in what was painted and lays it bare. @returns false when nothing differs. */
  #takeChange(session: Session): boolean {
    const change = session.canvas.takeChange();
    if (change === null) return false;
    session.overlay.bare(change, session.canvas.paintedAt);
    session.image.set(pixelsOf(session.overlay));
    this.#mirror(session);
    return true;
  }

  /** One request at a time; what was painted meanwhile goes with the next one. */
  #send(session: Session): void {
    const { canvas, id } = session;
    if (session.sending || id === null || this.#session !== session) return;
    const patch = canvas.takeUnsent();
    if (patch === null && !session.news) return;
    const { settings } = session;
    session.sending = true;
    session.news = false;
    session.settings = null;
    const patches = patch ? [{ x: patch.x, y: patch.y, raster: patch }] : [];
    const penDown = this.#nib !== null;
    this.#link
      .request('live.update', {
        sessionId: id,
        number: canvas.number,
        patches,
        penDown,
        ...(settings ? { settings } : {}),
      })
      .then(
        () => {
          session.sending = false;
          this.#send(session);
        },
        (error: unknown) => this.#stopped(session, error),
      );
  }

  #follow(event: StudioEvent): void {
    const session = this.#session;
    if (!session) return;
    if (event.name === 'live.picture' && event.payload.sessionId === session.id) {
      this.#show(session, event.payload);
    }
    if (event.name === 'live.state' && event.payload.sessionId === session.id) {
      const { state, cause, steps, width, height, error } = event.payload;
      useLive.setState({
        phase: state,
        cause,
        madeSteps: steps,
        madeWidth: width,
        madeHeight: height,
        error,
      });
      if (error) announce(`Live stopped: ${error.message}`);
    }
  }

  #show(session: Session, picture: EventPayload<'live.picture'>): void {
    const { canvas, overlay } = session;
    const raster = fitRaster(picture.raster, canvas.place.width, canvas.place.height);
    const { blend } = useLive.getState();
    const heldBack = overlay.take(picture.number, raster, canvas.paintedAt, blend, this.#workingNib(session));
    session.shown = picture.number;
    session.strokes = session.strokes.filter((number) => number > picture.number);
    session.image.fadeTo(pixelsOf(overlay));
    const { latency, rate, dropped, run } = picture;
    useLive.setState({ latency, rate, dropped, run, heldBack });
    this.#mirror(session);
  }

  #reblend(session: Session, blend: number): void {
    session.overlay.release(session.canvas.paintedAt, blend);
    session.image.set(pixelsOf(session.overlay));
  }

  #mirror(session: Session): void {
    const waiting = session.canvas.number > session.shown;
    const behind = session.strokes.length;
    const now = useLive.getState();
    if (now.waiting !== waiting || now.behind !== behind) useLive.setState({ waiting, behind });
  }

  #draw(session: Session): void {
    if (this.#session !== session) return;
    this.#slot.showUnder({ image: session.image.canvas, frame: session.target.frame });
  }

  #workingNib({ canvas }: Session): Nib | null {
    const nib = this.#nib;
    if (!nib) return null;
    const { frame, width, height } = canvas.place;
    const [across, down] = [width / frame.width, height / frame.height];
    return {
      x: (nib.x - frame.x) * across - 0.5,
      y: (nib.y - frame.y) * down - 0.5,
      // Smoothing carries a pixel's change to its neighbours.
      radius: nib.radius * Math.max(across, down) + 2,
    };
  }

  #stopped(session: Session, error: unknown): void {
    if (this.#session !== session) return;
    if (!(error instanceof StudioError)) throw error;
    const { message, remedy } = error;
    useLive.setState({ phase: 'stopped', error: { message, remedy } });
    tell({ level: 'bad', message, remedy });
  }
}

/** What the panels say now. */
function readSettings({ document: picture, frame }: LiveTarget): LiveSettings {
  const { form } = useGeneration.getState();
  const { strength, steps } = useLive.getState();
  const { modelId, prompt, negative, sampler, guidance, seed, width, height } = form;
  // Too few steps for the strength would leave none to run.
  const least = Math.ceil(1 / strength);
  const factor = Math.floor(Math.min(frame.width / width, frame.height / height));
  return {
    modelId,
    prompt,
    negative,
    sampler,
    guidance,
    seed,
    width,
    height,
    strength,
    steps: Math.max(least, steps),
    noise: 'philox',
    adapters: placeAdapters(picture, frame, activeAdapters(useShelf.getState())).map((adapter) =>
      adapter.region === undefined ? adapter : { ...adapter, region: shrinkByWhole(adapter.region, factor) },
    ),
  };
}

function pixelsOf({ rgba, width, height }: LiveOverlay): ImageData {
  return new ImageData(rgba, width, height);
}

/** An eased picture at the size that is shown; the nearest pixel does while hands move. */
function fitRaster(
  raster: { width: number; height: number; rgba: Uint8Array },
  width: number,
  height: number,
) {
  if (raster.width === width && raster.height === height) return raster;
  const rgba = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * raster.height) / height);
    for (let x = 0; x < width; x++) {
      const from = (row * raster.width + Math.floor(((x + 0.5) * raster.width) / width)) * 4;
      rgba.set(raster.rgba.subarray(from, from + 4), (y * width + x) * 4);
    }
  }
  return { width, height, rgba };
}
