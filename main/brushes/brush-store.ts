import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brushSchema, type StoredBrush, StudioError } from '../../preload/contract/index.ts';

const EXTENSION = '.json';
/** Two tips of 512 × 512 in base64, and the rest. */
const MAX_BYTES = 1024 * 1024;

/** A person's own brushes on disk. */
export interface BrushStore {
  list(): StoredBrush[];
  /** On disk when this returns. @throws StudioError `brush/unwritable` */
  save(brush: StoredBrush): void;
  /** Forgets a brush; one that is not there is no error. */
  remove(id: string): void;
}

/** Opens the folder of brushes; it is made when the first is saved. */
export function openBrushStore(folder: string): BrushStore {
  const fileOf = (id: string): string => join(folder, `${id}${EXTENSION}`);
  return {
    list() {
      if (!existsSync(folder)) return [];
      return readdirSync(folder)
        .filter((file) => extname(file) === EXTENSION)
        .flatMap((file) => readBrush(join(folder, file)))
        .toSorted((a, b) => a.name.localeCompare(b.name));
    },
    save(brush) {
      const path = fileOf(brush.id);
      try {
        mkdirSync(folder, { recursive: true });
        // Whole under its name, or as it was.
        writeFileSync(`${path}.part`, JSON.stringify(brush, packBytes));
        renameSync(`${path}.part`, path);
      } catch (error) {
        throw new StudioError(
          'brush/unwritable',
          `The brush "${brush.name}" could not be saved (${error instanceof Error ? error.message : String(error)}). It is kept in this window.`,
          `Check that ${folder} may be written to and has room.`,
        );
      }
    },
    remove: (id) => rmSync(fileOf(id), { force: true }),
  };
}

function readBrush(path: string): StoredBrush[] {
  try {
    const text = readFileSync(path, 'utf8');
    if (text.length > MAX_BYTES) return [];
    const parsed = brushSchema.safeParse(JSON.parse(text, unpackBytes));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}

function packBytes(key: string, value: unknown): unknown {
  return key === 'alpha' && value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}

function unpackBytes(key: string, value: unknown): unknown {
  return key === 'alpha' && typeof value === 'string' ? new Uint8Array(Buffer.from(value, 'base64')) : value;
}
