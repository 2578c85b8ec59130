import { type Aids, type Grid, NO_AIDS, unpackAids } from '../../../renderer/engine/aids/aids.ts';
import { EngineError } from '../../../renderer/engine/error.ts';
import type { FileGrid, FileLoss, LayeredPicture } from '../../../renderer/engine/formats/picture-file.ts';
import type { StoredDocument } from '../document.ts';
import type { FileKind } from './file-kind.ts';

/** Guides, grid and drawing rulers of a document; none where the note is damaged. */
export function aidsOfDocument(document: StoredDocument): Aids {
  const note = document.readNotes().find(({ key }) => key === 'aids');
  try {
    return unpackAids(note?.bytes ?? null);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return NO_AIDS;
  }
}

/** What of a picture file becomes aids of a document. */
export function aidsOfPicture({ guides, grid }: Pick<LayeredPicture, 'guides' | 'grid'>): Aids {
  const size = grid && { width: clamped(grid.width), height: clamped(grid.height) };
  return { ...NO_AIDS, guides, grid: { ...NO_AIDS.grid, ...size } };
}

function clamped(length: number): number {
  return Math.min(10_000, Math.max(1, length));
}

/** The grid as files have it; null when nobody has changed it. */
export function gridForFile({ grid }: Aids): FileGrid | null {
  const { width, height } = NO_AIDS.grid;
  return grid.width === width && grid.height === height ? null : { width: grid.width, height: grid.height };
}

function differs(a: Grid, b: Grid, fields: readonly (keyof Grid)[]): boolean {
  return fields.some((field) => a[field] !== b[field]);
}

/** What of a document's aids a kind of file cannot hold. */
export function aidLosses({ guides, grid, rulers }: Aids, kind: FileKind): FileLoss[] {
  const layered = kind === 'psd' || kind === 'psb';
  const lost: string[] = [];
  if (guides.length > 0 && !layered) lost.push(guides.length === 1 ? 'Guide' : 'Guides');
  if (differs(grid, NO_AIDS.grid, ['width', 'height']) && !layered) lost.push('Grid');
  else if (differs(grid, NO_AIDS.grid, ['subdivisions', 'x', 'y', 'colour', 'opacity']))
    lost.push('Offset, parts and colour of the grid');
  if (rulers.length > 0) lost.push(rulers.length === 1 ? 'Drawing ruler' : 'Drawing rulers');
  return lost.map((feature) => ({ layer: null, feature, outcome: 'left-out' }));
}
