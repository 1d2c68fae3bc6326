"""How well vectors find pictures of the same label."""

import torch
import torch.nn.functional as F


def retrieval(vectors: torch.Tensor, labels: torch.Tensor) -> tuple[float, float]:
    """Measures leave-one-out retrieval by cosine: (P@10, mAP), both in 0..1, greater = better."""
    unit = F.normalize(vectors.float(), dim=1)
    scores = unit @ unit.T
    scores.fill_diagonal_(-2)
    order = scores.argsort(1, descending=True)[:, :-1]
    right = (labels[order] == labels.unsqueeze(1)).float()
    ranks = torch.arange(1, right.shape[1] + 1, device=right.device)
    precision = right.cumsum(1) / ranks
    mean = (precision * right).sum(1) / right.sum(1).clamp_min(1)
    return right[:, :10].mean().item(), mean.mean().item()


def agreement(logits: torch.Tensor, teacher: torch.Tensor) -> tuple[float, float]:
    """Measures how often the teacher's best tag is the student's best, and among its five best: both in 0..1."""
    best = teacher.argmax(1, keepdim=True)
    five = logits.topk(5, dim=1).indices == best
    return five[:, 0].float().mean().item(), five.any(1).float().mean().item()
