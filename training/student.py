"""The network that is trained: dense convolutions only, because they run fastest where it is used."""

import torch
import torch.nn.functional as F
from torch import nn

EMBEDDING, CLASSES = 256, 1001
"""Lengths of the embedding and of the tags' logits (background at 0)."""


class ConvNorm(nn.Module):
    """A convolution without bias, batch normalisation, and ReLU where asked for."""

    def __init__(self, inside: int, outside: int, kernel: int, stride: int = 1, relu: bool = True):
        super().__init__()
        self.conv = nn.Conv2d(inside, outside, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(outside)
        self.relu = relu

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.norm(self.conv(x))
        return F.relu(x) if self.relu else x


class Gate(nn.Module):
    """Squeeze and excitation: channels weighted by what the whole picture shows. Hu et al., 2018."""

    def __init__(self, channels: int):
        super().__init__()
        self.squeeze = nn.Conv2d(channels, channels // 8, 1)
        self.excite = nn.Conv2d(channels // 8, channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        weight = self.excite(F.relu(self.squeeze(x.mean((2, 3), keepdim=True))))
        return x * F.hardsigmoid(weight)


class Block(nn.Module):
    """A residual block: two convolutions, a gate, and what came in. He et al., 2016; the pooled shortcut: He et al., 2019."""

    def __init__(self, inside: int, outside: int, stride: int):
        super().__init__()
        self.convs = nn.Sequential(ConvNorm(inside, outside, 3, stride), ConvNorm(outside, outside, 3, relu=False))
        nn.init.zeros_(self.convs[-1].norm.weight)
        self.gate = Gate(outside)
        self.stride = stride
        self.shortcut = ConvNorm(inside, outside, 1, relu=False) if (inside, stride) != (outside, 1) else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.gate(self.convs(x))
        if self.stride == 2:
            x = F.avg_pool2d(x, 2)
        if self.shortcut is not None:
            x = self.shortcut(x)
        return F.relu(x + y)


STEM = 24
STAGES = [(64, 1), (128, 2), (256, 2)]
"""Channels and blocks of each stage; each halves the sides."""
FEATURES = 640


class Student(nn.Module):
    """Pictures as N x 3 x side x side in -1..1 to (embedding N x 256, not normalised; logits N x 1001)."""

    def __init__(self):
        super().__init__()
        self.stem = ConvNorm(3, STEM, 3, 2)
        blocks, channels = [], STEM
        for outside, count in STAGES:
            for number in range(count):
                blocks.append(Block(channels, outside, 2 if number == 0 else 1))
                channels = outside
        self.blocks = nn.Sequential(*blocks)
        self.last = ConvNorm(channels, FEATURES, 1)
        self.embedding = nn.Linear(FEATURES, EMBEDDING)
        self.tags = nn.Linear(FEATURES, CLASSES)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        x = self.last(self.blocks(self.stem(x))).float().mean((2, 3))
        return self.embedding(x), self.tags(x)
