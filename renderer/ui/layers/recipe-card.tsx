import { Sparkles } from 'lucide-react';
import { Button, Dialog, DialogTrigger, Heading, Popover } from 'react-aria-components';
import { type Recipe, recipeSchema } from '../../../preload/contract/index.ts';
import { changeForm } from '../../generation/generation-store.ts';
import type { LayerRecord } from '../../engine/layers/layer-record.ts';

function facts(recipe: Recipe): readonly (readonly [name: string, value: string])[] {
  const {
    model,
    prompt,
    negative,
    seed,
    steps,
    guidance,
    sampler,
    width,
    height,
    init,
    device,
    precision,
    linear,
  } = recipe;
  return [
    ['Prompt', prompt === '' ? 'none' : prompt],
    ...(negative === '' ? [] : ([['Negative', negative]] as const)),
    ['Model', `${model.name}, ${model.family}`],
    ['Seed', String(seed)],
    ['Steps', `${steps}, ${sampler}, guidance ${guidance}`],
    ['Size', `${width} × ${height}`],
    ...(init === null
      ? []
      : ([['Strength', `${Math.round(init.strength * 100)}% of what was there`]] as const)),
    ['Made on', `${device}, ${precision}${linear === undefined ? '' : `, linear layers ${linear}`}`],
  ];
}

/** The spark on a generated layer: opens what the picture was made with. */
export function RecipeCard({ layer }: { layer: LayerRecord }) {
  const parsed = recipeSchema.safeParse(layer.recipe);
  if (!parsed.success) {
    return (
      <span className="badge" title="Made by a model; its recipe cannot be read by this version">
        <Sparkles size={16} strokeWidth={1.75} aria-hidden />
      </span>
    );
  }
  const recipe = parsed.data;
  const { prompt, negative, seed, steps, guidance, sampler, width, height } = recipe;
  return (
    <DialogTrigger>
      <Button className="button quiet icon-button" aria-label={`Recipe of ${layer.name}`}>
        <Sparkles size={16} strokeWidth={1.75} aria-hidden />
      </Button>
      <Popover className="popover" placement="left top" offset={8}>
        <Dialog className="recipe-card">
          {({ close }) => (
            <>
              <Heading slot="title" level={3}>
                Recipe
              </Heading>
              <dl>
                {facts(recipe).map(([name, value]) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                  </div>
                ))}
              </dl>
              <Button
                className="button"
                onPress={() => {
                  changeForm({
                    prompt,
                    negative,
                    seed,
                    seedLocked: true,
                    steps,
                    guidance,
                    sampler,
                    precision: recipe.linear ?? 'auto',
                    width,
                    height,
                  });
                  close();
                }}
              >
                Use these settings
              </Button>
            </>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
