import { easedWords, type Recipe } from '../../../preload/contract/index.ts';

/** A recipe as rows of name and value. */
export function recipeFacts(recipe: Recipe): readonly (readonly [name: string, value: string])[] {
  const { model, prompt, negative, seed, steps, guidance, sampler, width, height, init, adapters } = recipe;
  const { device, precision, linear, lineage, approximations } = recipe;
  const origin = lineage
    ?.map(({ how, step }) => (step === undefined ? how : `${how} at step ${step}`))
    .join(', ');
  const { prompts, outputs, encoding } = approximations ?? {};
  const approximate = [
    ...(outputs === undefined ? [] : [`steps forecast while little changes (by less than ${outputs})`]),
    ...(encoding === undefined ? [] : ['only what had changed of the picture was read anew']),
    ...(prompts === undefined
      ? []
      : [`begun as "${prompts.begunAs ?? ''}" (${prompts.bits} bits off), then as asked`]),
  ];
  const parts = recipe.changes?.filter(({ within }) => within !== undefined) ?? [];
  return [
    ['Prompt', prompt === '' ? 'none' : prompt],
    ...(negative === '' ? [] : ([['Negative', negative]] as const)),
    ['Model', `${model.name}, ${model.family}`],
    ...(adapters.length === 0
      ? []
      : ([['Adapters', adapters.map(({ name, strength }) => `${name} ${strength}`).join(', ')]] as const)),
    ['Seed', String(seed)],
    ['Steps', `${steps}, ${sampler}, guidance ${guidance}`],
    ['Size', `${width} × ${height}`],
    ...(init === null
      ? []
      : ([['Strength', `${Math.round(init.strength * 100)}% of what was there`]] as const)),
    ...(origin === undefined || origin === '' ? [] : ([['Comes from', origin]] as const)),
    ...(recipe.eased === undefined
      ? []
      : ([
          [
            'Gave way',
            `to be done within ${recipe.eased.within} s: ${easedWords(recipe.eased, recipe).join(', ')}`,
          ],
        ] as const)),
    ...(parts.length === 0
      ? []
      : ([
          ['Differs', `only within a mask, from step ${parts.map(({ step }) => step).join(', ')} on`],
        ] as const)),
    ...(approximate.length === 0 ? [] : ([['Approximate', approximate.join(', ')]] as const)),
    ['Made on', `${device}, ${precision}${linear === undefined ? '' : `, linear layers ${linear}`}`],
  ];
}
