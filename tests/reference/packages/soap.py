"""SOAP: the package's own code, which turns eigenvectors in float32, with float64 in its place."""

import inspect
from types import ModuleType

import torch
from paths import Loss, Run, Settings, torch_run
from pytorch_optimizer.optimizer import soap

PACKAGE = "pytorch_optimizer.SOAP"
SETTINGS = (
    ("constant", {"lr": 0.01, "eps": 1e-3}),
    ("cosine", {"lr": 0.03, "betas": (0.8, 0.9), "shampoo_beta": 0.8, "eps": 0.3}),
    ("exponential", {"lr": 0.02, "precondition_frequency": 1.0, "weight_decay": 0.1, "eps": 0.01}),
    ("step", {"lr": 0.02, "betas": (0.9, 0.99), "precondition_frequency": 3.0, "eps": 0.1}),
    ("cosine", {"lr": 0.02, "betas": (0.5, 0.95), "shampoo_beta": 0.5, "weight_decay": 0.05, "eps": 0.3}),
)
DOUBLE = ModuleType("soap_in_double")
exec(inspect.getsource(soap).replace("torch.float32", "torch.float64"), DOUBLE.__dict__)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """The package's rule for a vector."""
    given = {"shampoo_beta": 0.95, "weight_decay": 0.0, "precondition_frequency": 10} | settings
    given["precondition_frequency"] = int(given["precondition_frequency"])
    return torch_run(DOUBLE.SOAP([theta], **given, precondition_1d=True), theta, loss)
