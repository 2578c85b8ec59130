"""Tests of this package, without pytest: ``python3 -m training check``. About half a minute on one core.

They run every command at toy size and hold the parts to outside facts: the reference vectors, the tokenizer file that ships,
bit-equal resumption, the rules of the held-out list.
"""

from __future__ import annotations

import os
import signal
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from .autoencoder_training import texture_energy
from .commands.places import FIXTURE, SHIPPED
from .command_line import main
from .control_training import new_controlnet
from .dataset import Shard, make_entry
from .discriminator import PatchDiscriminator
from .dreams import read_dreams
from .loop import Plan, Run
from .model_folder import Networks, read_networks
from .networks.autoencoder import AutoencoderKL
from .optimizer import Rates, orthogonalise
from .prompts import HELD_OUT, SCORED, scored_prompts
from .runtime import choose_runtime
from .safetensors_file import read_safetensors, write_safetensors
from .schedule import signal_powers, trailing_timesteps
from .settings import TOY, settings_from
from .targets import CLASSES, label_indices
from .tokenizer import Tokenizer, split_words
from .world.captions import caption, plain_caption
from .world.labels import Labels, draw_held_out, draw_labels, is_held_out
from .world.media import MEDIA
from .world.motifs import MOTIFS, SCENERIES, all_names
from .world.scene import render


class WorldTest(unittest.TestCase):
    """Pictures, labels and captions."""

    def test_is_as_wide_as_promised(self) -> None:
        self.assertGreaterEqual(len(all_names()), 40)
        self.assertGreaterEqual(len(MEDIA), 8)

    def test_every_motif_draws_and_marks_itself_inside_the_picture(self) -> None:
        for name in all_names():
            thing = MOTIFS.get(name) or SCENERIES[name]
            outdoors = name in SCENERIES and SCENERIES[name].outdoors
            setting = MOTIFS[name].settings[0] if name in MOTIFS else None
            labels = Labels(
                name,
                "flat",
                thing.colours[0] if thing.colours else None,
                setting,
                "day" if outdoors or name in MOTIFS else None,
                "clear" if outdoors or name in MOTIFS else None,
            )
            picture = render(labels, 1, 64, 80)
            self.assertEqual(picture.pixels.shape, (64, 80, 3), name)
            if name in MOTIFS:
                self.assertTrue(
                    0.01 < picture.coverage.mean() < 0.75, f"{name} covers {picture.coverage.mean():.2f}"
                )

    def test_media_differ_from_the_clean_drawing_and_from_each_other(self) -> None:
        labels = Labels("house", "flat", "red", "land", "day", "clear")
        made = {
            name: render(Labels(**{**labels.as_dict(), "medium": name}), 4).pixels.astype(int)
            for name in MEDIA
        }
        for a in made:
            for b in made:
                if a < b:
                    self.assertGreater(np.abs(made[a] - made[b]).mean(), 4.0, f"{a} and {b}")

    def test_the_same_seed_gives_the_same_picture(self) -> None:
        labels, captions = make_entry(12)
        self.assertEqual((labels, captions), make_entry(12))
        self.assertTrue(np.array_equal(render(labels, 12, 64, 64).pixels, render(labels, 12, 64, 64).pixels))

    def test_held_out_combinations_never_come_up_in_training(self) -> None:
        random = np.random.default_rng(0)
        self.assertFalse(any(is_held_out(draw_labels(random)) for _ in range(3000)))
        self.assertTrue(all(is_held_out(draw_held_out(random)) for _ in range(100)))

    def test_a_plain_caption_says_everything(self) -> None:
        labels = Labels("apple", "oil", "green", "table", count=2)
        self.assertEqual(plain_caption(labels), "an oil painting of two green apples on a table")
        self.assertIn("an orange owl", plain_caption(Labels("owl", "ink", "orange", "plain")))

    def test_captions_stay_short_and_known(self) -> None:
        random = np.random.default_rng(1)
        for _ in range(500):
            text = caption(draw_labels(random), random)
            self.assertNotIn("{", text)
            self.assertLess(len(split_words(text)), 30, text)

    def test_every_label_has_a_class(self) -> None:
        random = np.random.default_rng(2)
        for _ in range(300):
            self.assertEqual(set(label_indices(draw_labels(random))), set(CLASSES))

    def test_scored_prompts_are_fixed(self) -> None:
        prompts = scored_prompts()
        self.assertEqual(len(prompts), SCORED)
        self.assertEqual(sum(held for _, _, held in prompts), HELD_OUT)
        self.assertEqual([p for p, _, _ in prompts], [p for p, _, _ in scored_prompts()])


class PartsTest(unittest.TestCase):
    """Tokenizer, files, schedule, networks."""

    def test_shipped_tokenizer_reads_as_the_reference_does(self) -> None:
        tokenizer = Tokenizer(SHIPPED / "tokenizer")
        expected = read_safetensors(FIXTURE.with_suffix(".safetensors"))["case0.input_ids"]
        prompt = "an oil painting of a red sailboat on the sea at sunset"
        self.assertEqual(tokenizer(prompt), expected[1].tolist())
        self.assertEqual(tokenizer(""), expected[0].tolist())

    def test_any_text_can_be_encoded(self) -> None:
        tokenizer = Tokenizer(SHIPPED / "tokenizer")
        for text in ("", "  ", "déjà vu 12 🙂", "a" * 5000, "_-_", "\n\t"):
            self.assertEqual(len(tokenizer(text)), tokenizer.length)

    def test_safetensors_round_trip(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.safetensors"
            tensors = {"x": torch.arange(6).view(2, 3).half(), "y": torch.tensor([1], dtype=torch.int32)}
            write_safetensors(path, tensors)
            read = read_safetensors(path)
            self.assertTrue(all(torch.equal(read[name], tensors[name]) for name in tensors))

    def test_schedule_ends_in_pure_noise(self) -> None:
        powers = signal_powers()
        self.assertEqual(float(powers[-1]), 0.0)
        self.assertTrue(bool((powers[1:] <= powers[:-1]).all()))
        self.assertEqual(trailing_timesteps(4), [999, 749, 499, 249])

    def test_orthogonalise_evens_out_singular_values(self) -> None:
        torch.manual_seed(0)
        values = torch.linalg.svdvals(orthogonalise(torch.randn(24, 40)))
        self.assertTrue(0.5 < float(values.min()) and float(values.max()) < 1.4)

    def test_texture_energy_asks_how_much_and_not_where(self) -> None:
        torch.manual_seed(0)
        grain, other, flat = torch.randn(1, 3, 64, 64), torch.randn(1, 3, 64, 64), torch.zeros(1, 3, 64, 64)

        def apart(a: torch.Tensor, b: torch.Tensor) -> float:
            return float((texture_energy(a) - texture_energy(b)).abs().mean())

        self.assertLess(4 * apart(grain, other), apart(grain, flat))
        self.assertGreater(float((grain - other).abs().mean()), float((grain - flat).abs().mean()))

    def test_a_new_discriminator_does_not_know_the_kinds_and_learns_them(self) -> None:
        torch.manual_seed(0)
        network, pictures = PatchDiscriminator(4, 8), torch.randn(2, 3, 32, 32)
        first, second = torch.tensor([0, 1]), torch.tensor([2, 3])
        self.assertTrue(torch.equal(network(pictures, first), network(pictures, second)))
        network(pictures, first).square().sum().backward()
        for scale in network.scales:
            self.assertGreater(float(scale.own.weight.grad[:2].abs().min(1).values.min()), 0)
            self.assertEqual(float(scale.own.weight.grad[2:].abs().max()), 0)

    def test_normalising_leaves_the_round_trip_alone(self) -> None:
        torch.manual_seed(0)
        network = AutoencoderKL(TOY.autoencoder).eval()
        picture = torch.rand(2, 3, 32, 32) * 2 - 1
        with torch.no_grad():
            before = network.decode(network.encode(picture))
            latent = network.encode(picture).permute(1, 0, 2, 3).flatten(1)
            network.normalise_latents(latent.mean(1), latent.std(1))
            after = network.encode(picture).permute(1, 0, 2, 3).flatten(1)
            self.assertLess(float((network.decode(network.encode(picture)) - before).abs().max()), 1e-4)
        self.assertLess(float(after.mean(1).abs().max()), 1e-4)
        self.assertLess(float((after.std(1) - 1).abs().max()), 1e-4)

    def test_a_new_controlnet_changes_nothing(self) -> None:
        torch.manual_seed(0)
        networks = Networks(TOY, 600)
        control = new_controlnet(TOY)
        control.copy_denoiser(networks.denoiser)
        x, states, at = torch.randn(2, 4, 16, 16), torch.randn(2, 32, 32), torch.tensor([500])
        hint = torch.rand(2, 3, 64, 64)
        with torch.no_grad():
            added = control(x, at, states, hint)
            self.assertTrue(
                torch.equal(networks.denoiser(x, at, states), networks.denoiser(x, at, states, added))
            )
            control.controlnet_mid_block.bias.fill_(1.0)
            added = control(x, at, states, hint)
            self.assertFalse(
                torch.equal(networks.denoiser(x, at, states), networks.denoiser(x, at, states, added))
            )

    def test_settings_survive_json(self) -> None:
        self.assertEqual(settings_from(TOY.as_dict()), TOY)


class CommandsTest(unittest.TestCase):
    """Every command, in order, at toy size."""

    def run_ok(self, *arguments: object) -> None:
        self.assertEqual(main([str(argument) for argument in arguments]), 0, arguments)

    def test_from_nothing_to_a_scored_model(self) -> None:
        with tempfile.TemporaryDirectory() as temporary:
            work = Path(temporary) / "work"
            place = ("--work", work)
            self.run_ok("tokenizer", *place, "--preset", "toy", "--captions", 300, "--least", 2)
            self.run_ok("render", *place, "--count", 40, "--seed", 1, "--workers", 1)
            self.run_ok("render", *place, "--split", "test", "--count", 10, "--seed", 90001, "--workers", 1)
            self.run_ok("text", *place, "--steps", 3)
            self.run_ok("autoencoder", *place, "--steps", 6, "--batch", 2)
            self.run_ok("autoencoder", *place, "--steps", 2, "--batch", 2, "--decoder-only")
            self.run_ok("encode", *place)
            self.run_ok("denoiser", *place, "--steps", 4, "--batch", 4)
            self.run_ok("denoiser", *place, "--steps", 6, "--batch", 2, "--processes", 2)
            self.run_ok("export", *place)
            self.run_ok("classifier", *place, "--steps", 3, "--batch", 8, "--width", 8)
            model = ("--model", work / "model")
            before = read_networks(work / "model")[0].autoencoder.state_dict()
            self.run_ok("dream", *place, *model, "--count", 5)
            self.assertEqual(len(read_dreams(work / "dreams.npz").latents), 5)
            self.run_ok(
                "autoencoder",
                *place,
                *("--steps", 4, "--batch", 8, "--decoder-only", "--adversarial-from", 0.0),
            )
            self.run_ok("export", *place)
            after = read_networks(work / "model")[0].autoencoder.state_dict()
            moved = {name.split(".")[0] for name in before if not torch.equal(before[name], after[name])}
            self.assertEqual(moved, {"decoder", "post_quant_conv"})
            self.run_ok(
                "paint", *model, "--out", work / "grid.png", "--sampler-steps", 2, "a red cat", "a sea"
            )
            self.run_ok("evaluate", *model, "--data", work / "data", "--count", 4)
            judge = ("--judge", work / "classifier.pt", "--data", work / "data")
            self.run_ok(
                "score", *model, *judge, "--out", work / "score.txt", "--limit", 3, "--sampler-steps", 1
            )
            self.run_ok("control", *place, "--steps", 3, "--batch", 4)
            guided = ("--control", work / "controlnet", "--data", work / "data")
            self.run_ok(
                "paint-scribbles",
                *model,
                *guided,
                "--out",
                work / "along.png",
                "--count",
                2,
                "--sampler-steps",
                1,
            )
            self.run_ok("sheet", "--out", work / "sheet.png", "--count", 2)
            for name in ("grid.png", "sheet.png", "along.png", "score.txt"):
                self.assertGreater((work / name).stat().st_size, 50)
            networks, tokenizer = read_networks(work / "model")
            self.assertEqual((networks.settings.denoiser, len(tokenizer) > 514), (TOY.denoiser, True))
            shard = Shard(next((work / "data").glob("train-landscape-*")))
            self.assertEqual(shard.latents.shape[1:], (4, 12, 20))
            again = Path(temporary) / "again"
            self.run_ok("adopt", "--work", again, "--preset", "toy", *model)
            self.assertTrue((again / "denoiser.pt").exists())

    def test_a_run_cut_off_goes_on_to_the_same_bits(self) -> None:
        with tempfile.TemporaryDirectory() as temporary:
            whole = self._train(Path(temporary) / "whole.pt", None)
            self._train(Path(temporary) / "cut.pt", 4)
            resumed = self._train(Path(temporary) / "cut.pt", None)
            for name, weight in whole.items():
                self.assertTrue(torch.equal(weight, resumed[name]), name)

    def _train(self, path: Path, interrupt_at: int | None) -> dict[str, torch.Tensor]:
        """Ten steps of a small network, ended early by a real signal if asked; returns the averaged weights."""
        torch.manual_seed(0)
        network = torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
        generator = torch.Generator().manual_seed(5)
        plan = Plan(steps=10, warmup=4, decay=0.5)
        run = Run(choose_runtime(), {"net": (network, 1.0)}, plan, Rates(), path, generator)
        run.resume()

        def loss(share: float) -> torch.Tensor:
            del share
            if run.step + 1 == interrupt_at:
                os.kill(os.getpid(), signal.SIGTERM)
            x = torch.randn(16, 6, generator=generator)
            return (network(x) - x.sum(1, keepdim=True)).square().mean()

        run.train(loss)
        self.assertEqual(run.step, interrupt_at or 10)
        return torch.load(path)["averaged"]["net"]

    def test_problems_are_sentences_and_exit_code_one(self) -> None:
        with tempfile.TemporaryDirectory() as temporary:
            place = ("--work", str(Path(temporary) / "w"), "--preset", "toy")
            self.assertEqual(main(["text", *place, "--steps", "1"]), 1)
            self.assertEqual(main(["encode", *place]), 1)
            self.assertEqual(main(["tokenizer", "--work", place[1], "--preset", "full"]), 1)

    def test_the_shipped_model_matches_its_reference_set(self) -> None:
        self.run_ok("verify")


def run_all() -> bool:
    """Run every test above; True if all passed."""
    suite = unittest.defaultTestLoader.loadTestsFromName(__name__)
    return unittest.TextTestRunner(verbosity=2).run(suite).wasSuccessful()
