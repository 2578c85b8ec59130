import { z } from 'zod';

/**
 * What was asked for and gave way so that a picture is done in time; the rest of a recipe is what was made. It says why, and
 * decides nothing of the picture.
 */
export const easedSchema = z.strictObject({
  /** Seconds that it was to be done within. */
  within: z.number().positive().max(86_400),
  /** What was asked for, where something else was made. */
  asked: z.strictObject({
    /** Pixels of the second pass that was left out. */
    hires: z.strictObject({ width: z.number().int(), height: z.number().int() }).optional(),
    steps: z.number().int().optional(),
    width: z.number().int().optional(),
    height: z.number().int().optional(),
  }),
});
export type Eased = z.infer<typeof easedSchema>;

/** What gave way, step by step in its order, in words. @param made what was made in place of it */
export function easedWords(
  { asked }: Eased,
  made: { readonly steps: number; readonly width: number; readonly height: number },
): string[] {
  const { hires, steps, width, height } = asked;
  return [
    ...(hires === undefined ? [] : [`no second pass at ${hires.width} × ${hires.height}`]),
    ...(steps === undefined ? [] : [`${made.steps} steps in place of ${steps}`]),
    ...(width === undefined ? [] : [`${made.width} × ${made.height} in place of ${width} × ${height}`]),
  ];
}
