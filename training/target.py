"""Where the teacher's features lie for the student."""

import numpy as np


class Target:
    """The teacher's features centred, PCA with mild whitening, unit length.

    Each principal component is scaled by its eigenvalue to the power -.375, which leaves it a standard deviation of the
    eigenvalue to the power .125.
    """

    def __init__(self, features: np.ndarray, length: int):
        unit = self._unit(features.astype(np.float64))
        self.mean = unit.mean(0)
        values, vectors = np.linalg.eigh((unit - self.mean).T @ (unit - self.mean) / len(unit))
        values, vectors = values[::-1][:length], vectors[:, ::-1][:, :length]
        self.basis = vectors * np.maximum(values, 1e-12) ** -0.375

    @staticmethod
    def _unit(vectors: np.ndarray) -> np.ndarray:
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)

    def __call__(self, features: np.ndarray) -> np.ndarray:
        """From features, N x 1280, to targets, N x length, float16."""
        unit = self._unit(features.astype(np.float32))
        return self._unit((unit - self.mean) @ self.basis).astype(np.float16)
