import {
  type EventPayload,
  type ResultSummary,
  StudioError,
  type StudioEvent,
} from '../../preload/contract/index.ts';
import type { OverlaySlot } from '../canvas/overlay-picture.ts';
import type { Rect } from '../engine/geometry/rect.ts';
import type { SelectionMask } from '../engine/selection/selection-mask.ts';
import { useDocument } from '../state/document/document-store.ts';
import { announce, tell } from '../state/status-store.ts';
import type { StudioLink } from '../state/studio-link.ts';
import type { GenerationTarget } from './generation-target.ts';
import { nextSeed } from './build-request.ts';
import { verbFacts } from './canvas-facts.ts';
import { autoFrame, selectionFrame } from './frame.ts';
import {
  changeForm,
  currentModel,
  type GenerationForm,
  type JobView,
  leads,
  notePrompt,
  type StripItem,
  useGeneration,
} from './generation-store.ts';
import { Paced } from './paced.ts';
import { mergeResults } from './merge-results.ts';
import { packMask } from './pack-mask.ts';
import { areaOf, type Press, preparePress, type PressSource } from './press.ts';
import { StagedPictures } from './staged-pictures.ts';
import { SpokenProgress } from './spoken-progress.ts';
import { type StagingNote, StagingNotes } from './staging.ts';
import { putAhead } from './queue-store.ts';
import { forgetRecovered, tellRecovered } from './recovered-notice.ts';
import { sayVerb, type VerbKind, verbFor } from './verb.ts';

/** A job of which nothing is heard this long after the link came back is not run by anybody. */
const SILENCE_MILLISECONDS = 5000;
/** Milliseconds from one look at how far jobs are to the next. */
const TELL_EVERY = 100;

/** Starts jobs, follows what the studio tells of them, and keeps the strip of pictures that wait. */
export class Generator {
  readonly notes: StagingNotes;
  readonly pictures: StagedPictures;
  readonly #link: StudioLink;
  readonly #overlay: OverlaySlot;
  #target: GenerationTarget | null = null;
  readonly #spoken = new SpokenProgress(announce);
  /** Steps come by the hundred a second: the window need not be drawn for each. */
  readonly #progress = new Paced<EventPayload<'generation.progress'>>(TELL_EVERY, (jobId, progress) => {
    const { stage, step, steps, secondsLeft, cause } = progress;
    this.#keepJob(jobId, { stage, step, steps, secondsLeft, cause }, true);
    if (leads(jobId)) this.#spoken.take(jobId, step, steps, secondsLeft);
  });
  /** Jobs that told of themselves since the link came back. */
  readonly #heard = new Set<string>();

  constructor(link: StudioLink, overlay: OverlaySlot) {
    this.#link = link;
    this.#overlay = overlay;
    this.notes = new StagingNotes(link);
    this.pictures = new StagedPictures({
      link,
      overlay,
      notes: this.notes,
      target: () => this.#target,
      explain: (error) => this.#explain(error),
    });
    link.subscribe((event) => this.#follow(event));
  }

  /** Makes another document the one that pictures are made for, and finds what waits on it. */
  async setTarget(target: GenerationTarget | null): Promise<void> {
    this.#target = target;
    this.#overlay.show(null);
    useGeneration.setState({ strip: [], chosenId: null, unseen: 0, previewShown: false, frame: null });
    if (target) await this.loadResults();
  }

  /** Reads finished results again: the gallery has all, the strip those that wait on this document. */
  async loadResults(): Promise<void> {
    const { gallery: before } = useGeneration.getState();
    const read = await this.#link.request('generation.results', { limit: 200 });
    const results = mergeResults(read, before, useGeneration.getState().gallery);
    const waiting = new Set(this.#target ? this.notes.waitingOn(this.#target.path).map((n) => n.jobId) : []);
    const strip = results
      .filter((result) => waiting.has(result.jobId))
      .map((summary): StripItem => ({ kind: 'result', id: summary.resultId, summary }));
    useGeneration.setState({ gallery: results, strip, unseen: 0 });
  }

  /** The link is back: reads what was finished meanwhile, and ends jobs that a restarted studio no longer knows. */
  async reconnect(): Promise<void> {
    const before = new Set(useGeneration.getState().jobs.map((job) => job.jobId));
    const ended = useGeneration.getState().strip.filter((item) => item.kind === 'ended');
    this.#heard.clear();
    await this.loadResults();
    useGeneration.setState(({ strip, gallery, jobs }) => ({
      strip: [...ended, ...strip],
      jobs: jobs.filter((job) => !gallery.some((result) => result.jobId === job.jobId)),
    }));
    await new Promise((resolve) => setTimeout(resolve, SILENCE_MILLISECONDS));
    for (const { jobId, step, state } of useGeneration.getState().jobs) {
      if (!before.has(jobId) || this.#heard.has(jobId) || state === 'queued') continue;
      this.#fail({
        jobId,
        step,
        state: 'failed',
        error: {
          code: 'generation/studio-restarted',
          message: `The studio was restarted at step ${step}. Your painting and finished results are safe.`,
          remedy: 'Generate again.',
        },
      });
    }
  }

  /** The frame that the next picture fills. */
  frame(): Rect | null {
    const target = this.#target;
    if (!target) return null;
    const state = useGeneration.getState();
    const { frame, form, selection } = state;
    const model = currentModel(state);
    if (frame) return frame;
    return selection && model ? selectionFrame(target, selection, model) : autoFrame(target, form);
  }

  /** Where the next picture is painted, and what of the frame is changed; null where the button cannot be pressed. */
  area(kind: VerbKind): { readonly frame: Rect; readonly mask: SelectionMask | null } | null {
    const state = useGeneration.getState();
    const model = currentModel(state);
    if (!this.#target || !model) return null;
    const area = areaOf(kind, sourceOf(this.#target), state.frame, state.form, model);
    return 'message' in area ? null : area;
  }

  /**
   * What a press of the button would ask for now, with the seed that is set; null where it cannot be pressed.
   * @throws StudioError where there is nothing to paint in
   */
  prepare(chosen?: VerbKind): (Press & { readonly label: string }) | null {
    const target = this.#target;
    const state = useGeneration.getState();
    const model = currentModel(state);
    if (!target || !model) return null;
    const facts = verbFacts(state, useDocument.getState());
    const verb = verbFor(facts);
    const press = preparePress(chosen ?? verb.kind, sourceOf(target), state.form, state.frame, model);
    if ('message' in press) throw new StudioError('generation/nowhere', press.message, press.remedy);
    return { ...press, label: chosen === undefined ? verb.label : sayVerb(chosen, facts).label };
  }

  /**
   * One press of the button. Errors are shown in the panel and the status line.
   * @param ahead before what waits already.
   */
  async start(chosen?: VerbKind, ahead = false): Promise<void> {
    const target = this.#target;
    const { form } = useGeneration.getState();
    let press: ReturnType<Generator['prepare']>;
    try {
      press = this.prepare(chosen);
    } catch (error) {
      this.#explain(error);
      return;
    }
    if (!target || !press) return;
    useGeneration.setState(({ asking }) => ({ asking: asking + 1 }));
    try {
      const asked = await this.#ask(target, press, form);
      if (ahead) await putAhead(this.#link, asked);
    } catch (error) {
      this.#explain(error);
    } finally {
      useGeneration.setState(({ asking }) => ({ asking: asking - 1 }));
    }
  }

  /** Asks for as many pictures as are wanted. @returns their jobs. @throws StudioError */
  async #ask(
    target: GenerationTarget,
    { frame, request, label, mask: area }: NonNullable<ReturnType<Generator['prepare']>>,
    form: GenerationForm,
  ): Promise<readonly string[]> {
    const mask = area && (await packMask(area));
    const first = nextSeed(form);
    changeForm({ seed: first });
    notePrompt(form.prompt);
    useGeneration.setState({ error: null, stripOpen: true });
    const place = mask === null ? {} : { mask };
    // All at once: those that can run side by side do so from the first step on.
    const started = Array.from({ length: form.count }, async (_, i) => {
      const { jobId } = await this.#link.request('generation.start', { ...request, seed: first + i });
      this.notes.add({ jobId, path: target.path, verb: label, frame, ...place, decision: 'waiting' });
      this.#keepJob(jobId, {});
      return jobId;
    });
    const ended = await Promise.allSettled(started);
    const refused = ended.find((one) => one.status === 'rejected');
    if (refused !== undefined) throw refused.reason;
    return ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  }

  /** Follows jobs that were started elsewhere: their pictures belong in a frame of the open document. */
  adopt(jobIds: readonly string[], verb: string, frame: Rect, mask?: StagingNote['mask']): void {
    const path = this.#target?.path;
    if (path === undefined) return;
    for (const jobId of jobIds) {
      const place = mask === undefined ? {} : { mask };
      this.notes.add({ jobId, path, verb, frame, ...place, decision: 'waiting' });
      this.#keepJob(jobId, {});
    }
    useGeneration.setState({ stripOpen: true });
  }

  /** Follows a job that does another once more: its picture belongs where that one's does. */
  adoptRepeat(jobId: string, of: string): void {
    const note = this.notes.find(of);
    if (!note) return;
    this.notes.add({ ...note, jobId, decision: 'waiting' });
    this.#keepJob(jobId, {});
    useGeneration.setState({ stripOpen: true });
  }

  /** Asks a job to stop; it does within a step. */
  async cancel(jobId: string): Promise<void> {
    if (!useGeneration.getState().jobs.some((job) => job.jobId === jobId)) return;
    this.#keepJob(jobId, { state: 'cancelling' });
    try {
      await this.#link.request('generation.cancel', { jobId });
    } catch (error) {
      this.#explain(error);
    }
  }

  /** Stops the job that runs. */
  async cancelRunning(): Promise<void> {
    const { jobs } = useGeneration.getState();
    const job = jobs.find((each) => each.state === 'running') ?? jobs[0];
    if (job) await this.cancel(job.jobId);
  }

  #follow(event: StudioEvent): void {
    switch (event.name) {
      case 'generation.progress':
        this.#heard.add(event.payload.jobId);
        this.#progress.take(event.payload.jobId, event.payload);
        return;
      case 'generation.preview':
        void this.pictures.showPreview(event.payload.jobId, event.payload.raster);
        return;
      case 'generation.finished':
        this.#finish(event.payload.jobId, event.payload.result);
        return;
      case 'generation.failed':
        this.#fail(event.payload);
        return;
      case 'generation.recovered': {
        const { jobId, message } = event.payload;
        tellRecovered(jobId, message, () => void this.cancel(jobId));
        return;
      }
      case 'devices.changed':
      case 'files.progress':
      case 'library.changed':
      case 'live.picture':
      case 'live.state':
      case 'queue.changed':
      case 'studio.notice':
        return;
    }
  }

  #keepJob(jobId: string, change: Partial<JobView>, runs = false): void {
    useGeneration.setState(({ jobs }) => {
      const known = jobs.find((job) => job.jobId === jobId);
      const base: JobView = known ?? {
        jobId,
        verb: this.notes.find(jobId)?.verb ?? 'Generate',
        state: 'queued',
        stage: '',
        step: 0,
        steps: 0,
        secondsLeft: null,
        cause: null,
      };
      const state = runs && base.state === 'queued' ? 'running' : base.state;
      const next = { ...base, state, ...change };
      return { jobs: known ? jobs.map((job) => (job === known ? next : job)) : [...jobs, next] };
    });
  }

  #dropJob(jobId: string): void {
    forgetRecovered(jobId);
    this.#progress.drop(jobId);
    useGeneration.setState(({ jobs }) => ({ jobs: jobs.filter((job) => job.jobId !== jobId) }));
  }

  #finish(jobId: string, result: ResultSummary): void {
    const show = this.pictures.mayShow();
    this.#dropJob(jobId);
    useGeneration.setState(({ gallery }) => ({ gallery: [result, ...gallery] }));
    if (this.notes.find(jobId)?.path !== this.#target?.path) return;
    const item: StripItem = { kind: 'result', id: result.resultId, summary: result };
    this.notes.decide(jobId, 'waiting');
    useGeneration.setState((state) => ({
      strip: [item, ...state.strip.filter(({ id }) => id !== jobId && id !== item.id)],
      unseen: show ? 0 : state.unseen + 1,
    }));
    announce(`Picture ready after ${result.seconds.toFixed(1)} seconds.`);
    if (show) {
      void this.pictures.choose(result.resultId);
      return;
    }
    this.pictures.clearPreview();
    this.pictures.showOnceQuiet(result.resultId);
  }

  #fail(payload: EventPayload<'generation.failed'>): void {
    this.#dropJob(payload.jobId);
    this.pictures.clearPreview();
    if (payload.state === 'failed') this.#explain(StudioError.from(payload.error));
    else announce(`Cancelled at step ${payload.step}.`);
    if (this.notes.find(payload.jobId)?.path !== this.#target?.path) return;
    this.notes.decide(payload.jobId, 'rejected');
    const { message, remedy } = payload.error;
    const item: StripItem = { ...payload, kind: 'ended', id: payload.jobId, message, remedy };
    // A job that was put back and ended again is one thumb, not two.
    useGeneration.setState(({ strip }) => ({ strip: [item, ...strip.filter(({ id }) => id !== item.id)] }));
  }

  #explain(error: unknown): void {
    const known =
      error instanceof StudioError
        ? error.toData()
        : { code: 'studio/bug', message: String(error), remedy: 'Nothing was changed. Try again.' };
    useGeneration.setState({ error: known });
    tell({ level: 'bad', message: known.message, remedy: known.remedy });
  }
}

function sourceOf(target: GenerationTarget): PressSource {
  return {
    document: target.document,
    selection: target.selection(),
    activeLayerId: target.activeLayerId(),
    read: (rect) => target.read(rect),
  };
}
