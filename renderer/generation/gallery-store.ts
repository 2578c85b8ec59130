import { create } from 'zustand';
import type { GalleryEntry } from '../../preload/contract/index.ts';
import type { StudioLink } from '../state/studio-link.ts';

/** Most results that the gallery lists. */
const MOST = 20_000;

/** A day of the gallery and where it begins in the list. */
export interface GalleryDay {
  /** `Today`, `Yesterday`, `12 November` or `12 November 2025`. */
  readonly label: string;
  readonly index: number;
  readonly count: number;
}

/** Everything that was made, newest first. */
interface GalleryState {
  entries: readonly GalleryEntry[];
  /** Results that look like one that was asked about; null while all are shown. */
  similarTo: { readonly entry: GalleryEntry; readonly ids: readonly string[] } | null;
}

/** The gallery's content. */
export const useGallery = create<GalleryState>()(() => ({ entries: [], similarTo: null }));

/** Reads the gallery and keeps it up to date. */
export function watchGallery(link: StudioLink): () => void {
  const read = (): void => {
    link.request('gallery.list', { limit: MOST }).then(
      (entries) => useGallery.setState({ entries }),
      () => undefined,
    );
  };
  read();
  return link.subscribe((event) => {
    if (event.name !== 'generation.finished') return;
    const { resultId, created, recipe, width, height } = event.payload.result;
    const entry = { resultId, created, width, height, prompt: recipe.prompt, seed: recipe.seed };
    useGallery.setState(({ entries }) => ({
      entries: entries.some((each) => each.resultId === resultId) ? entries : [entry, ...entries],
    }));
  });
}

/** What the gallery shows: everything, or what looks like one result. */
export function shownEntries({ entries, similarTo }: GalleryState): readonly GalleryEntry[] {
  if (similarTo === null) return entries;
  const byId = new Map(entries.map((entry) => [entry.resultId, entry]));
  return similarTo.ids.flatMap((id) => byId.get(id) ?? []);
}

/** The days of a list that is sorted newest first. */
export function galleryDays(entries: readonly GalleryEntry[], now = new Date()): GalleryDay[] {
  const days: GalleryDay[] = [];
  for (const [index, { created }] of entries.entries()) {
    const label = dayLabel(new Date(created), now);
    const last = days.at(-1);
    if (last?.label === label) days[days.length - 1] = { ...last, count: last.count + 1 };
    else days.push({ label, index, count: 1 });
  }
  return days;
}

function dayLabel(day: Date, now: Date): string {
  const midnight = (date: Date): number =>
    new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  const ago = Math.round((midnight(now) - midnight(day)) / 86_400_000);
  if (ago <= 0) return 'Today';
  if (ago === 1) return 'Yesterday';
  const year = day.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' as const };
  return day.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', ...year });
}
