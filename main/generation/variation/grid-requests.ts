import {
  type ChangeRequest,
  type GenerationRequest,
  generationRequestSchema,
  GRID_CHANGES,
  GRID_SETTINGS,
  type Grid,
  type GridAxis,
  MAX_GRID_PICTURES,
  StudioError,
} from '../../../preload/contract/index.ts';

/** A grid as its pictures' requests: sheet by sheet, row by row. */
export interface GridRequests {
  readonly sheets: string[];
  readonly rows: string[];
  readonly columns: string[];
  readonly requests: readonly GenerationRequest[];
}

interface AxisValue {
  readonly label: string;
  readonly set: (request: GenerationRequest) => GenerationRequest;
}

const SINGLE: readonly AxisValue[] = [{ label: '', set: (request) => request }];

/**
 * The requests of a grid. `x` is set last, so that it wins where two axes go over one setting.
 *
 * @throws StudioError `generation/grid-…` for grids that are too large, values that there are not, and axes of what the
 * base does not have
 */
export function gridRequests({ base, x, y, z }: Grid): GridRequests {
  const [columns, rows, sheets] = [x, y, z].map((axis) => (axis === undefined ? SINGLE : valuesOf(axis)));
  if (columns === undefined || rows === undefined || sheets === undefined) throw new RangeError('three axes');
  const count = columns.length * rows.length * sheets.length;
  if (count > MAX_GRID_PICTURES) {
    throw refuse(
      'size',
      `The grid has ${count} pictures; ${MAX_GRID_PICTURES} fit.`,
      'Leave some values out.',
    );
  }
  const requests = sheets.flatMap((sheet) =>
    rows.flatMap((row) => columns.map((column) => checked(column.set(row.set(sheet.set(base)))))),
  );
  const labels = (values: readonly AxisValue[]): string[] => values.map(({ label }) => label);
  return { sheets: labels(sheets), rows: labels(rows), columns: labels(columns), requests };
}

function valuesOf(axis: GridAxis): AxisValue[] {
  const { setting, at, values } = axis;
  const known: readonly string[] = at === null ? GRID_SETTINGS : GRID_CHANGES;
  if (!known.includes(setting)) {
    const where = at === null ? 'from the beginning' : 'from a step on';
    throw refuse('axis', `${setting} cannot differ ${where}.`, `Choose from ${known.join(', ')}.`);
  }
  const place = at === null ? '' : 'step' in at ? `@${at.step}` : `@${Math.round(at.share * 100)}%`;
  return values.map((value) => ({
    label: setting === 'replace' ? String(value) : `${setting}${place} ${value}`,
    set: (request) => (at === null ? settle(request, axis, value) : change(request, setting, at, value)),
  }));
}

function settle(
  request: GenerationRequest,
  { setting, values }: GridAxis,
  value: string | number,
): GenerationRequest {
  if (setting === 'strength') {
    if (request.init !== null) return { ...request, init: { ...request.init, strength: Number(value) } };
    throw refuse(
      'no-picture',
      'There is no picture to start from whose strength could differ.',
      'Start from a picture, or choose another axis.',
    );
  }
  if (setting === 'adapter') {
    const [first, ...others] = request.adapters;
    if (first !== undefined)
      return { ...request, adapters: [{ ...first, strength: Number(value) }, ...others] };
    throw refuse(
      'no-adapter',
      'There is no adapter whose strength could differ.',
      'Switch one on, or choose another axis.',
    );
  }
  if (setting === 'replace') {
    const sought = String(values[0]);
    if (sought !== '' && request.prompt.includes(sought)) {
      return { ...request, prompt: request.prompt.replaceAll(sought, () => String(value)) };
    }
    throw refuse(
      'not-in-prompt',
      `"${sought.slice(0, 100)}" is not in the prompt, so nothing can be put in its place.`,
      'Begin the list with words of the prompt, as they are written there.',
    );
  }
  return { ...request, [setting]: value };
}

function change(
  request: GenerationRequest,
  setting: string,
  at: NonNullable<GridAxis['at']>,
  value: string | number,
): GenerationRequest {
  const step = 'step' in at ? at.step : Math.min(request.steps - 1, Math.round(at.share * request.steps));
  const own: ChangeRequest =
    setting === 'noise' ? { step, noise: { seed: Number(value), theta: 90 } } : { step, [setting]: value };
  const changes = [...(request.changes ?? []), own].toSorted((a, b) => a.step - b.step);
  return { ...request, changes };
}

/** Values come as words and numbers; what they are to be is the setting's business. */
function checked(request: GenerationRequest): GenerationRequest {
  const parsed = generationRequestSchema.safeParse(request);
  if (parsed.success) return request;
  const [issue] = parsed.error.issues;
  throw refuse(
    'value',
    `${issue?.path.join('.') ?? 'A value'} cannot be ${JSON.stringify(valueAt(request, issue?.path ?? []))?.slice(0, 100)}: ${issue?.message ?? 'it is not valid'}.`,
    'Change the list of values.',
  );
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

function refuse(code: string, message: string, remedy: string): StudioError {
  return new StudioError(`generation/grid-${code}`, `${message} Nothing was started.`, remedy);
}
