"""The text encoder: CLIPTextModel by parameter names and arithmetic (Radford et al. 2021)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..settings import TextEncoderSize
from .layers import LayerNorm, scaled_dot_product


class CLIPAttention(nn.Module):
    """Causal multi-head self-attention with biases everywhere."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.k_proj = nn.Linear(width, width)
        self.v_proj = nn.Linear(width, width)
        self.q_proj = nn.Linear(width, width)
        self.out_proj = nn.Linear(width, width)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, width = x.shape
        split = (batch, length, self.heads, width // self.heads)
        query, key, value = (
            p(x).view(split).transpose(1, 2) for p in (self.q_proj, self.k_proj, self.v_proj)
        )
        mixed = scaled_dot_product(query, key, value, mask)
        return self.out_proj(mixed.transpose(1, 2).reshape(batch, length, width))


class CLIPMLP(nn.Module):
    """Two linear layers with quick GELU, x · sigmoid(1.702 x)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        x = self.fc1(x)
        return self.fc2(x * torch.sigmoid(1.702 * x))


class CLIPEncoderLayer(nn.Module):
    """Pre-norm transformer layer."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.self_attn = CLIPAttention(width, heads)
        self.layer_norm1 = LayerNorm(width)
        self.mlp = CLIPMLP(width)
        self.layer_norm2 = LayerNorm(width)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        x = x + self.self_attn(self.layer_norm1(x), mask)
        return x + self.mlp(self.layer_norm2(x))


class CLIPTextEmbeddings(nn.Module):
    """Token and learned position embeddings, added."""

    def __init__(self, vocabulary: int, size: TextEncoderSize) -> None:
        super().__init__()
        self.token_embedding = nn.Embedding(vocabulary, size.width)
        self.position_embedding = nn.Embedding(size.positions, size.width)

    def forward(self, ids: Tensor) -> Tensor:
        return self.token_embedding(ids) + self.position_embedding.weight[: ids.shape[1]]


class CLIPEncoder(nn.Module):
    """The stack of layers."""

    def __init__(self, size: TextEncoderSize) -> None:
        super().__init__()
        self.layers = nn.ModuleList(CLIPEncoderLayer(size.width, size.heads) for _ in range(size.layers))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x, mask)
        return x


class CLIPTextTransformer(nn.Module):
    """Embeddings, layers and the final norm."""

    def __init__(self, vocabulary: int, size: TextEncoderSize) -> None:
        super().__init__()
        self.embeddings = CLIPTextEmbeddings(vocabulary, size)
        self.encoder = CLIPEncoder(size)
        self.final_layer_norm = LayerNorm(size.width)

    def forward(self, ids: Tensor) -> Tensor:
        length = ids.shape[1]
        mask = torch.full((length, length), float("-inf"), device=ids.device).triu_(1)
        return self.final_layer_norm(self.encoder(self.embeddings(ids), mask))


class CLIPTextModel(nn.Module):
    """Token ids (B, T) int64, T <= positions, to text states (B, T, width): the last layer after the final norm.

    There is no padding mask: what follows the end token is seen by the denoiser, as in Stable Diffusion 1.x.
    """

    def __init__(self, vocabulary: int, size: TextEncoderSize) -> None:
        super().__init__()
        self.text_model = CLIPTextTransformer(vocabulary, size)
        self._start(size)

    def _start(self, size: TextEncoderSize) -> None:
        embeddings = self.text_model.embeddings
        nn.init.normal_(embeddings.token_embedding.weight, std=0.05)
        nn.init.normal_(embeddings.position_embedding.weight, std=0.02)
        for layer in self.text_model.encoder.layers:
            nn.init.normal_(layer.self_attn.out_proj.weight, std=0.02)
            nn.init.normal_(layer.mlp.fc2.weight, std=0.02)

    def forward(self, ids: Tensor) -> Tensor:
        return self.text_model(ids)


def text_encoder_config(size: TextEncoderSize, vocabulary: int) -> dict[str, object]:
    """The ``config.json`` under which transformers loads these weights."""
    return {
        "architectures": ["CLIPTextModel"],
        "model_type": "clip_text_model",
        "vocab_size": vocabulary,
        "hidden_act": "quick_gelu",
        "layer_norm_eps": 1e-05,
        "attention_dropout": 0.0,
        "dropout": 0.0,
        "projection_dim": size.width,
        "bos_token_id": vocabulary - 2,
        "eos_token_id": vocabulary - 1,
        "pad_token_id": vocabulary - 1,
        "initializer_range": 0.02,
        "initializer_factor": 1.0,
        "torch_dtype": "float16",
        "hidden_size": size.width,
        "intermediate_size": 4 * size.width,
        "num_hidden_layers": size.layers,
        "num_attention_heads": size.heads,
        "max_position_embeddings": size.positions,
    }
