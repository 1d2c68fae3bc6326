"""Random views of pictures for the student: parts of what the teacher saw, mirrored, recoloured, some of them mixed."""

import torch
import torch.nn.functional as F

LEAST_AREA = 0.7
"""The least share of a lesson's view that is shown: the teacher's answer must still hold."""
BRIGHTNESS, CONTRAST, SATURATION, BALANCE = 0.3, 0.3, 0.4, 0.08
"""The largest logarithms by which these change."""
PLAIN, GREY = 0.25, 0.04
"""Shares of views with their colours unchanged, and without colour."""


def uniform(count: int, low: float, high: float) -> torch.Tensor:
    """Draws numbers as count x 1 x 1 x 1."""
    return torch.rand(count, 1, 1, 1) * (high - low) + low


def part(boxes: torch.Tensor) -> torch.Tensor:
    """Chooses a random part of each box (count x left, top, right, bottom as fractions), and mirrors half of them."""
    count = len(boxes)
    side = uniform(count, LEAST_AREA, 1).flatten().sqrt()
    size = boxes[:, 2:] - boxes[:, :2]
    corner = boxes[:, :2] + torch.rand(count, 2) * size * (1 - side).unsqueeze(1)
    parts = torch.cat([corner, corner + size * side.unsqueeze(1)], 1)
    mirrored = (torch.rand(count) < 0.5).unsqueeze(1)
    return torch.where(mirrored, parts[:, [2, 1, 0, 3]], parts)


def show(pictures: torch.Tensor, boxes: torch.Tensor, side: int) -> torch.Tensor:
    """Shows boxes of pictures (uint8, N x height x width x RGB): N x 3 x side x side, in 0..1."""
    first, last = boxes[:, :2] * 2 - 1, boxes[:, 2:] * 2 - 1
    scale, middle = (last - first) / 2, (last + first) / 2
    nothing = torch.zeros_like(scale[:, 0])
    rows = (scale[:, 0], nothing, middle[:, 0], nothing, scale[:, 1], middle[:, 1])
    grid = F.affine_grid(torch.stack(rows, 1).view(-1, 2, 3), [len(boxes), 3, side, side], align_corners=False)
    images = pictures.permute(0, 3, 1, 2).float() / 255
    if side * 1.5 < images.shape[2]:
        # Sampling alone would leave out pixels.
        images = F.interpolate(images, (side * 5 // 4,) * 2, mode="bilinear", antialias=True)
    return F.grid_sample(images, grid, "bilinear", "reflection", False)


def recolour(views: torch.Tensor) -> torch.Tensor:
    """Changes brightness, contrast, saturation and the balance of the colours of most views (N x 3 x side x side, 0..1)."""
    count = len(views)
    saturation = uniform(count, -SATURATION, SATURATION).exp()
    saturation = saturation * (uniform(count, 0, 1) >= GREY)
    contrast = uniform(count, -CONTRAST, CONTRAST).exp()
    gain = uniform(count, -BRIGHTNESS, BRIGHTNESS).exp() * uniform(3 * count, -BALANCE, BALANCE).exp().view(count, 3, 1, 1)
    grey = views.mean(1, keepdim=True)
    middle = grey.mean((2, 3), keepdim=True)
    changed = grey + (views - grey) * saturation
    changed = ((changed - middle) * contrast + middle) * gain
    return torch.where(uniform(count, 0, 1) < PLAIN, views, changed.clamp(0, 1))


def shares(count: int, mixed: float) -> torch.Tensor:
    """Chooses how much of the batch's next picture comes into each: count numbers in 0..0.5, mostly 0.

    Zhang et al., mixup: Beyond Empirical Risk Minimization, 2018.
    """
    return torch.where(torch.rand(count) < mixed, torch.rand(count) / 2, 0.0)


def mix(values: torch.Tensor, share: torch.Tensor) -> torch.Tensor:
    """Mixes each row with the one before it by these shares."""
    return values + (values.roll(1, 0) - values) * share.view(-1, *[1] * (values.ndim - 1))
