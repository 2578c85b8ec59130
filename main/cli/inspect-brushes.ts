import { readImportedBrushes } from '../brushes/read-imported.ts';
import type { Outcome } from './run-action.ts';

/** What another program's brush file holds, and what of it does not come in. @throws StudioError */
export async function inspectBrushes(path: string): Promise<Outcome> {
  const { program, version, brushes } = await readImportedBrushes(path);
  const lines = brushes.flatMap(({ brush, notes }) => {
    const tip = brush.bitmap ? `tip ${brush.bitmap.width} × ${brush.bitmap.height}` : `${brush.tip} tip`;
    const follows = Object.entries(brush.dynamics)
      .filter(([, list]) => (list?.length ?? 0) > 0)
      .map(([name, list]) => `${name} by ${list?.map(({ sensor }) => sensor).join(', ')}`);
    return [
      `${brush.name}: ${Math.round(brush.size)} px, ${tip}, spacing ${Math.round(brush.spacing * 100)}%${follows.length > 0 ? `; ${follows.join('; ')}` : ''}`,
      ...notes.map((note) => `  ${note}`),
    ];
  });
  return {
    text: [`${program} brushes, version ${version}: ${brushes.length}`, ...lines].join('\n'),
    json: {
      kind: 'brushes',
      program,
      version,
      // A tip's pixels are not for reading.
      brushes: brushes.map(({ brush, notes }) => ({
        ...brush,
        bitmap: brush.bitmap && { width: brush.bitmap.width, height: brush.bitmap.height },
        dual: brush.dual && {
          ...brush.dual,
          bitmap: brush.dual.bitmap && { width: brush.dual.bitmap.width, height: brush.dual.bitmap.height },
        },
        notes,
      })),
    },
  };
}
