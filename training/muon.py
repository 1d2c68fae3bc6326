"""Muon: momentum whose matrix is made orthogonal before it is a step. Jordan et al., 2024."""

import torch

COEFFICIENTS = (3.4445, -4.7750, 2.0315)
"""Of the quintic Newton-Schulz iteration, as its authors chose them."""


def orthogonalize(matrices: torch.Tensor, steps: int) -> torch.Tensor:
    """Moves the singular values of a stack of matrices (count x rows x columns) to about 1."""
    a, b, c = COEFFICIENTS
    x = matrices.bfloat16()
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    tall = x.shape[1] > x.shape[2]
    x = x.mT if tall else x
    for _ in range(steps):
        square = x @ x.mT
        x = a * x + (b * square + c * square @ square) @ x
    return x.mT if tall else x


class Muon(torch.optim.Optimizer):
    """Steps convolutions' weights as matrices of outside x (inside x kernel); matrices of one shape go together."""

    def __init__(self, params, lr: float, momentum: float = 0.95, decay: float = 0.05, steps: int = 5):
        super().__init__(params, {"lr": lr, "momentum": momentum, "decay": decay, "steps": steps})

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            shapes: dict[tuple[int, int], list[torch.Tensor]] = {}
            for weight in group["params"]:
                shapes.setdefault((len(weight), weight[0].numel()), []).append(weight)
            for (rows, columns), weights in shapes.items():
                updates = []
                for weight in weights:
                    state = self.state[weight]
                    if not state:
                        state["momentum"] = torch.zeros_like(weight)
                    state["momentum"].lerp_(weight.grad, 1 - group["momentum"])
                    updates.append(weight.grad.lerp(state["momentum"], group["momentum"]).reshape(rows, columns))
                updates = orthogonalize(torch.stack(updates), group["steps"])
                scale = max(1.0, rows / columns) ** 0.5
                for weight, update in zip(weights, updates, strict=True):
                    weight.mul_(1 - group["lr"] * group["decay"])
                    weight.add_(update.reshape(weight.shape).to(weight.dtype), alpha=-group["lr"] * scale)
